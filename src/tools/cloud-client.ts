/**
 * The tools' way to HQ: its public API, with words for what goes wrong.
 */

import type { World } from './demo-world.ts';

export interface CloudClient {
  put(path: string, body: object): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  get(path: string): Promise<unknown>;
}

export class CloudApiError extends Error {
  override name = 'CloudApiError';
  readonly kind: string;
  readonly status: number;

  constructor(status: number, kind: string, message: string) {
    super(message);
    this.status = status;
    this.kind = kind;
  }
}

export function cloudClient(url: string, token: string): CloudClient {
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { kind?: string; detail?: string };
    if (!response.ok) {
      throw new CloudApiError(response.status, answer.kind ?? 'unknown', answer.detail ?? 'HQ refused');
    }
    return answer;
  };
  return {
    put: (path, body) => call('PUT', path, body),
    post: (path, body) => call('POST', path, body),
    get: (path) => call('GET', path),
  };
}

/** Sends a long list in the pieces that the API takes. */
export async function putAll<T>(
  client: CloudClient,
  kind: string,
  rows: readonly T[],
  piece = 2_000,
): Promise<void> {
  for (let from = 0; from < rows.length; from += piece) {
    await client.put(`/api/v1/${kind}`, { [kind]: rows.slice(from, from + piece) });
  }
}

/** Stores before tiers before members: each may name what came before. */
export async function putWorld(client: CloudClient, world: World): Promise<void> {
  await putAll(client, 'stores', world.stores);
  await putAll(client, 'tiers', world.tiers);
  await putAll(client, 'items', world.items);
  await putAll(client, 'members', world.members);
}

/** Adds a till and returns its one-time code. */
export async function addTill(client: CloudClient, till: { storeId: string; code: string }): Promise<string> {
  return ((await client.post('/api/v1/tills', till)) as { code: string }).code;
}
