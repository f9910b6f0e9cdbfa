/** An HQ that was started a minute ago: nothing in it, and every page says what to do. */
import { expect, test } from 'vitest';
import { LOCALES } from '../../src/core/item.ts';
import { allPages, drawn, visit } from './console-pages.ts';
import { openConsole } from './console-stage.ts';

/** Of one thing that is not there: they say so. */
const MISSING = /^\/(sales|members|tills|stores)\/|nowhere/;

test('without stores, goods, members or sales every page says what is missing and what to do, in one of three languages', async () => {
  const stage = await openConsole({ days: null });
  try {
    const pages = await allPages(stage);
    const { page, errors } = await stage.open('/');
    await page.locator('main .notice').waitFor();
    const faults: string[] = [];
    for (const [index, href] of pages.entries()) {
      const locale = LOCALES[Math.floor((index * LOCALES.length) / pages.length)]!;
      await visit(page, href, locale);
      await drawn(page);
      const { text, notices, untaught, fields, bare, failed } = await page.evaluate(() => {
        const main = document.querySelector('main')!;
        const all = [...main.querySelectorAll('.notice')];
        return {
          text: main.innerText,
          notices: all.length,
          untaught: all
            .filter((notice) => notice.querySelector('.muted, .notice-action, .icon-online') === null)
            .map((notice) => notice.textContent),
          fields: main.querySelectorAll('input, textarea, .ant-table-row, .facts, .rights').length,
          bare: main.querySelectorAll('.ant-empty').length,
          failed: main.querySelectorAll('[data-testid=error-notice]').length,
        };
      });
      const wrong = (what: string) => faults.push(`${href} ${locale}: ${what}`);
      if (/undefined|NaN|Invalid|\[object/.test(text)) wrong(text.slice(0, 80));
      if (notices + fields === 0) wrong('neither says anything nor lets one do anything');
      if (bare > 0) wrong('a table is empty without a word');
      if (untaught.length > 0) wrong(`does not say what to do: ${untaught.join('; ')}`);
      if (failed > 0 && !MISSING.test(href)) wrong('an empty HQ is no error');
    }
    expect(faults).toEqual([]);
    expect(errors.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([]);
  } finally {
    await stage.close();
  }
}, 120_000);
