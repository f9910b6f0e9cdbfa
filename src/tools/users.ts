/**
 * `npx counterfoil user …`: users of HQ's console from the machine that HQ runs on, with the owner's token.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type CloudClient, cloudClient } from './cloud-client.ts';

export interface UserAsked {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  /** null: the whole chain. */
  readonly stores: readonly string[] | null;
}

/** HQ as its owner. @throws when the folder is not HQ's */
export function ownerClient(url: string, folder: string): CloudClient {
  return cloudClient(url, ownerToken(folder));
}

export function ownerToken(folder: string): string {
  const file = path.join(folder, 'hq-token');
  if (!existsSync(file)) {
    throw new Error(
      `there is no hq-token in ${folder}: name HQ's data folder with --data (npm start: .data/demo/cloud)`,
    );
  }
  return readFileSync(file, 'utf8').trim();
}

/** @returns the temporary password; it is good for one sign-in */
export async function addConsoleUser(client: CloudClient, asked: UserAsked): Promise<string> {
  const { password } = (await client.post('/api/v1/users', asked)) as { password: string };
  return password;
}

/** A temporary password for who forgot theirs. @throws when nobody has the login */
export async function resetConsoleUser(client: CloudClient, login: string): Promise<string> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (await client.get(`/api/v1/users?cursor=${encodeURIComponent(cursor)}`)) as {
      users: { id: string; login: string }[];
      nextCursor: string | null;
    };
    const user = page.users.find((one) => one.login === login.toLowerCase());
    if (user !== undefined) {
      const done = (await client.post(`/api/v1/users/${user.id}/password`, {})) as { password: string };
      return done.password;
    }
    cursor = page.nextCursor;
  }
  throw new Error(`nobody has the login ${login}`);
}
