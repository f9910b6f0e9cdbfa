/**
 * HQ's OpenAPI page without an HQ: the routes tell it, and none of them is run.
 *
 * `npm run client` writes the client's types of it to `src/client/api.ts`; `-- --json FILE` writes the page itself.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { makeHttp } from '../../cloud/http.ts';
import { HttpMeter } from '../../cloud/metrics/http-meter.ts';
import { apiTypes } from './api-types.ts';

const ROOT = new URL('../../', import.meta.url);
export const API_TYPES = new URL('src/client/api.ts', ROOT);

export async function apiPage(): Promise<Record<string, unknown>> {
  const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
  // Routes are registered with these parts and never called.
  const none = {} as never;
  const app = await makeHttp({
    ...{
      db: none,
      clock: none,
      chance: none,
      sha256: none,
      signals: none,
      cloudKey: none,
      jobs: none,
      reach: none,
    },
    ...{
      cloudId: '',
      isOnline: () => false,
      access: { token: '', openOnLoopback: false },
      log: () => {},
      version,
    },
    meter: new HttpMeter(),
  });
  try {
    await app.ready();
    return app.swagger() as unknown as Record<string, unknown>;
  } finally {
    await app.close();
  }
}

async function main(args: readonly string[]): Promise<void> {
  const page = await apiPage();
  const to = args[args.indexOf('--json') + 1];
  if (args.includes('--json') && to !== undefined) writeFileSync(to, `${JSON.stringify(page, null, 2)}\n`);
  else writeFileSync(API_TYPES, apiTypes(page));
}

if (import.meta.main) await main(process.argv.slice(2));
