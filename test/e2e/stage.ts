/**
 * Stage: the built page before a till that says what a test gives it. For looking at screens in states that a real till
 * takes long to reach: a lock-out, a broken line to the terminal, a year of members. What a till does is tested with tills.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import type { TillMethod, TillResult, TillView } from '../../src/till/api.ts';

const BUILT = fileURLToPath(new URL('../../.build/till-ui/', import.meta.url));
const HOST = 'http://127.0.0.1:9';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

export type Answers = { readonly [M in TillMethod]?: (params: never) => TillResult<M> | { error: object } };

export interface Stage {
  readonly page: Page;
  /** Calls that the page made, newest last. */
  readonly calls: { readonly method: string; readonly params: unknown }[];
  show(view: TillView): Promise<void>;
}

export async function openStage(
  browser: Browser,
  options: {
    readonly view: TillView;
    readonly answers: Answers;
    readonly width: number;
    readonly height: number;
  },
): Promise<Stage> {
  const { width, height } = options;
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
  const calls: { method: string; params: unknown }[] = [];
  let version = 1;
  let line: WebSocketRoute | null = null;
  await page.route(`${HOST}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const file = path.join(BUILT, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(file)) return route.fulfill({ status: 404 });
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    return route.fulfill({ body: readFileSync(file), contentType: type });
  });
  await page.routeWebSocket(/\/api$/, (ws) => {
    line = ws;
    ws.send(JSON.stringify({ view: { ...options.view, version: version++ } }));
    ws.onMessage((text) => {
      const { id, method, params } = JSON.parse(String(text)) as {
        id: number;
        method: TillMethod;
        params: never;
      };
      calls.push({ method, params });
      const result = options.answers[method]?.(params) ?? { error: { kind: 'internal' } };
      const failed = typeof result === 'object' && 'error' in result && Object.keys(result).length === 1;
      ws.send(JSON.stringify(failed ? { id, ...result } : { id, result }));
    });
  });
  await page.goto(`${HOST}/#token=0a`);
  await page.evaluate(() => document.fonts.ready);
  return {
    page,
    calls,
    show: async (view) => {
      line!.send(JSON.stringify({ view: { ...view, version: version++ } }));
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30))));
    },
  };
}
