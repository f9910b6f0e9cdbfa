/**
 * Stage: the built page before a till that says what a test gives it. For looking at screens in states that a real till
 * takes long to reach: a lock-out, a broken line to the terminal, a year of members. What a till does is tested with tills.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Locale } from '../../src/core/item.ts';
import type { TillMethod, TillResult, TillView } from '../../src/till/api.ts';
import type { CustomerView } from '../../src/till/api-customer.ts';

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
  /** Opens the page anew before a till in this state. */
  play(view: TillView, answers: Answers): Promise<void>;
  /** Opens the customer's page anew. */
  playCustomer(view: CustomerView): Promise<void>;
  /** The till, or the customer's page, says the same in another language; what is open stays open. */
  speak(locale: Locale): Promise<void>;
  close(): Promise<void>;
}

/** One page for many states: files are read once, and the browser keeps what it made of them. */
export async function openStage(
  browser: Browser,
  size: { readonly width: number; readonly height: number },
): Promise<Stage> {
  const page = await browser.newPage({ viewport: size, reducedMotion: 'reduce' });
  const files = new Map<string, { body: Buffer; contentType: string } | { status: number }>();
  let now: { readonly view: TillView; readonly answers: Answers } | null = null;
  let version = 1;
  /** Says the present state in a language over the line that is open. */
  let say: (locale: Locale) => void = () => {};
  await page.route(`${HOST}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const known = files.get(pathname) ?? fileAt(pathname);
    files.set(pathname, known);
    return route.fulfill(known);
  });
  let customer: CustomerView | null = null;
  await page.routeWebSocket(/\/customer$/, (ws) => {
    say = (locale) => ws.send(JSON.stringify({ view: { ...customer, locale } }));
    ws.send(JSON.stringify({ view: customer }));
  });
  await page.routeWebSocket(/\/api$/, (ws) => {
    const { view, answers } = now!;
    say = (locale) => ws.send(JSON.stringify({ view: { ...view, locale, version: version++ } }));
    say(view.locale);
    ws.onMessage((text) => {
      const { id, method, params } = JSON.parse(String(text)) as {
        id: number;
        method: TillMethod;
        params: never;
      };
      const result = answers[method]?.(params) ?? { error: { kind: 'internal' } };
      const failed = typeof result === 'object' && 'error' in result && Object.keys(result).length === 1;
      ws.send(JSON.stringify(failed ? { id, ...result } : { id, result }));
    });
  });
  return {
    page,
    play: async (view, answers) => {
      now = { view, answers };
      await page.setViewportSize(size);
      // Another address each time, so that nothing is left of the state before.
      await page.goto(`${HOST}/?${version}#token=0a`);
      await page.evaluate(() => document.fonts.ready);
    },
    playCustomer: async (view) => {
      customer = view;
      await page.setViewportSize(size);
      await page.goto(`${HOST}/display?${version++}#token=0a`);
      await page.locator(`[data-testid=customer][data-phase=${view.phase}]`).waitFor();
      await page.evaluate(() => document.fonts.ready);
    },
    speak: async (locale) => {
      say(locale);
      await page.waitForFunction((lang) => document.documentElement.lang === lang, locale);
    },
    close: () => page.context().close(),
  };
}

function fileAt(pathname: string): { body: Buffer; contentType: string } | { status: number } {
  const page = { '/': 'index.html', '/display': 'display.html' }[pathname];
  const file = path.join(BUILT, page ?? pathname);
  if (!existsSync(file)) return { status: 404 };
  return { body: readFileSync(file), contentType: TYPES[path.extname(file)] ?? 'application/octet-stream' };
}
