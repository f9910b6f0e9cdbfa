/**
 * Every page of HQ's console: where it is, and going there within one open console as a link does.
 *
 * `node test/e2e/console-pages.ts FOLDER` takes a picture of each at 1440×900 and 390×844 in three languages; `--locale en`,
 * `--width 390` takes some of them, `--dark` in the dark look, `--empty` of an HQ without data, `--whole` of all of a page that scrolls.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { LOCALES, type Locale } from '../../src/core/item.ts';
import { type ConsoleStage, openConsole } from './console-stage.ts';
import { setUpThings } from './console-things.ts';

export const SIZES = [
  { width: 1_440, height: 900 },
  { width: 390, height: 844 },
] as const;

/** A member of the demo's who buys. */
export const A_MEMBER = 'm-0002';

/** With a sale and a till of the stage; of an HQ without them, of some that are not there. */
export async function allPages({ cloud }: ConsoleStage): Promise<readonly string[]> {
  const [sale] = await cloud.db.query<{ id: string; till: string }>(
    `select sale_id as id, till_id as till from sale where member_id is not null and kind = 'sale' order by at desc limit 1`,
  );
  return [
    ...[
      '/',
      '/?view=table',
      '/stores/S01',
      '/stores/S02?date=2020-01-01',
      '/analysis',
      '/analysis?by=hour&storeId=S01',
    ],
    ...['/days', '/sales', `/sales/${sale?.id ?? 'none'}`, '/sales?receiptNo=NOPE-1'],
    ...['/members', '/members?q=13800001007', `/members/${A_MEMBER}`, '/members?tab=import'],
    ...['', '?tab=concentration', '?tab=flow', '?tab=saved', '?tab=build'].map((tab) => `/segments${tab}`),
    ...['', '?tab=programme', '?tab=tiers', '?tab=coupons', '?tab=benefits', '?tab=value'].map(
      (tab) => `/loyalty${tab}`,
    ),
    ...['', '?tab=items', '?tab=calendar', '?tab=conflicts', '?tab=rollout'].map((tab) => `/prices${tab}`),
    ...['/tills', `/tills/${sale?.till ?? 'none'}`],
    ...['shifts', 'fraud', 'alerts', 'poison', 'remote', 'addTill'].map((tab) => `/fleet?tab=${tab}`),
    ...['/audit', '/account', '/nowhere'],
    ...['users', 'tokens', 'webhooks', 'fields', 'thresholds', 'privacy', 'branding', 'jobs'].map(
      (tab) => `/settings?tab=${tab}`,
    ),
  ];
}

/** Without a reload: the language by its button, the place as the back button does it. Waits until nothing waits any more. */
export async function visit(page: Page, href: string, locale: Locale): Promise<void> {
  await page.evaluate(
    ([to, language]) => {
      document.querySelector<HTMLElement>(`[data-testid=lang-${language}]`)?.click();
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
      scrollTo(0, 0);
    },
    [href, locale] as const,
  );
  await page.waitForFunction(
    (language) =>
      document.documentElement.lang === language &&
      document.querySelector('main') !== null &&
      document.querySelector('[data-testid=loading]') === null,
    locale,
  );
}

/** What was changed is on the screen, and nothing is being waited for. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))),
  );
  await page.waitForFunction(() => document.querySelector('[data-testid=loading]') === null);
}

/** A Saturday afternoon, with trade since the morning. */
const PICTURE_MS = Date.parse('2026-11-28T16:20:00+08:00');

interface Wanted {
  readonly locales: readonly Locale[];
  readonly widths: readonly number[];
  readonly dark: boolean;
  /** Of an HQ without anything in it. */
  readonly empty: boolean;
  /** Addresses with this in them. */
  readonly only: string;
  /** The whole page instead of the window. */
  readonly whole: boolean;
}

async function takePictures(
  folder: string,
  { locales, widths, dark, empty, only, whole }: Wanted,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const stage = await openConsole(empty ? { days: null } : { days: 45, startMs: PICTURE_MS });
  try {
    if (!empty) await setUpThings(stage, A_MEMBER);
    const pages = (await allPages(stage)).filter((href) => href.includes(only));
    for (const size of SIZES.filter(({ width }) => widths.includes(width))) {
      const { page } = await stage.open('/', { ...size, timeZone: 'Asia/Shanghai' });
      // Before the frame is there, there is no button for the language.
      await page.locator(empty ? 'main .notice' : '[data-testid=today-total]').waitFor();
      if (dark)
        await page.evaluate(() => document.querySelector<HTMLElement>('[data-testid=look-dark]')?.click());
      for (const locale of locales)
        for (const [index, href] of pages.entries()) {
          await visit(page, href, locale);
          await drawn(page);
          // A text asks for its signs when it is drawn first.
          await page.evaluate(() => document.fonts.ready);
          const name = href.replace(/[^a-z0-9]+/gi, '-').slice(0, 40);
          const file = `${size.width}-${locale}-${String(index).padStart(2, '0')}${name}.png`;
          await page.screenshot({ path: path.join(folder, file), fullPage: whole });
        }
      await page.close();
    }
  } finally {
    await stage.close();
  }
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      locale: { type: 'string', multiple: true },
      width: { type: 'string', multiple: true },
      dark: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      whole: { type: 'boolean', default: false },
    },
  });
  await takePictures(positionals[0] ?? '.build/console-pictures', {
    locales: LOCALES.filter((one) => values.locale?.includes(one) ?? true),
    widths: values.width?.map(Number) ?? SIZES.map(({ width }) => width),
    dark: values.dark,
    empty: values.empty,
    only: values.only,
    whole: values.whole,
  });
}
