/**
 * What a look at a page would find: words cut off, things over the head, tables to be pushed sideways, words of another language.
 */
import type { Page } from 'playwright-core';
import { en } from '../../cloud/hq/web/i18n/en.ts';
import { zhCN } from '../../cloud/hq/web/i18n/zh-CN.ts';
import { zhTW } from '../../cloud/hq/web/i18n/zh-TW.ts';
import type { Locale } from '../../src/core/item.ts';

/** Latin words that stand on a Chinese page by themselves: brands, kinds of files, units, keys, letters of RFM. */
const LATIN =
  /^(Counterfoil|English|Webhook|API|Excel|CSV|PNG|UTF|GB|Big|Ctrl|KB|mL|cm|kg|g|K|R|F|M|Z|N|SPF|POP|CP)$/;

/** @returns one line a fault; none for a page that is as it should be */
export async function pageFaults(
  page: Page,
  { locale, isData }: { readonly locale: Locale; readonly isData: (text: string) => boolean },
): Promise<string[]> {
  const { shape, texts } = await page.evaluate(lookAt);
  const strange = texts.filter((text) => !isData(text) && isStrange(text, locale));
  return [...shape, ...strange.map((text) => `a word of another language: ${text}`)];
}

function isStrange(text: string, locale: Locale): boolean {
  // `poison_kept`, `storedValue`: a name of the API.
  if (/(^|\s)[a-z]+([_A-Z][a-z]+)+($|\s)/.test(text)) return true;
  if (/\p{Script=Han}/u.test(text)) return !WORDS[locale].has(text) && HAN[locale].has(text);
  return (
    locale !== 'en' && (text.match(/[A-Za-z]+/g) ?? []).some((word) => !LATIN.test(word)) && !/\d/.test(text)
  );
}

const WORDS: Readonly<Record<Locale, ReadonlySet<string>>> = {
  'zh-CN': wordsOf(zhCN),
  'zh-TW': wordsOf(zhTW),
  en: wordsOf(en),
};
/** What the Chinese dictionaries of others say. */
const HAN: Readonly<Record<Locale, ReadonlySet<string>>> = {
  'zh-CN': WORDS['zh-TW'],
  'zh-TW': WORDS['zh-CN'],
  en: new Set([...WORDS['zh-CN'], ...WORDS['zh-TW']]),
};

function wordsOf(dictionary: object): Set<string> {
  return new Set(
    Object.values(dictionary).flatMap((value) => (typeof value === 'string' ? [value] : [...wordsOf(value)])),
  );
}

/** Runs in the browser, at the top of the page. */
function lookAt(): { shape: string[]; texts: string[] } {
  const shape: string[] = [];
  const texts = new Set<string>();
  const width = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth;
  if (wide > width) shape.push(`${wide} px wide`);
  const named = (element: Element) =>
    `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} ${(element.textContent ?? '').slice(0, 40)}`;

  const styles = new Map<Element, CSSStyleDeclaration>();
  const styleOf = (element: Element) => {
    const known = styles.get(element) ?? getComputedStyle(element);
    styles.set(element, known);
    return known;
  };
  /** Its text may be hidden there: with a sign that it goes on, or by being moved to. */
  const tells = (element: Element) => {
    const { textOverflow, overflowX, webkitLineClamp } = styleOf(element);
    return textOverflow === 'ellipsis' || /auto|scroll/.test(overflowX) || webkitLineClamp !== 'none';
  };

  const head = document.querySelector('.top')!;
  const { bottom: headEnd } = head.getBoundingClientRect();
  if (width > 1_200 && headEnd > 64) shape.push(`a head of ${headEnd} px: two rows`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.nodeValue!.trim().replaceAll(/\s+/g, ' ');
    const parent = node.parentElement!;
    if (
      text === '' ||
      parent.closest('script, style, .sr-only, .search-words, .paper, [lang]:not(html)') !== null
    )
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0 || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      continue;
    texts.add(text);
    if (parent.closest('main') !== null && box.top < headEnd - 1) shape.push(`under the head: ${text}`);
    const svg = parent.closest('svg');
    if (svg !== null) {
      const frame = svg.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1)
        shape.push(`cut in a chart: ${text}`);
      continue;
    }
    for (let up: Element | null = parent; up !== null && up !== document.body; up = up.parentElement) {
      if (tells(up)) break;
      if (styleOf(up).overflowX === 'visible') continue;
      const frame = up.getBoundingClientRect();
      if (box.right > frame.right + 1 || box.left < frame.left - 1) {
        shape.push(`cut: ${text} in ${named(up)}`);
        break;
      }
    }
  }

  const inHead = [
    ...head.querySelectorAll('.top-title > span, button, input, .ant-segmented, .live, .as-of'),
  ].filter(
    (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 0,
  );
  for (const [index, one] of inHead.entries())
    for (const other of inHead.slice(index + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (
        across > 1 &&
        down > 1 &&
        one.closest('.ant-input-affix-wrapper') !== other.closest('.ant-input-affix-wrapper')
      )
        shape.push(`one over the other in the head: ${named(one)} and ${named(other)}`);
    }

  // What is compared side by side may be pushed: days by stores, cells of a grid. Tables of records may not.
  for (const table of document.querySelectorAll('main .ant-table-content, main .plain-table'))
    if (table.scrollWidth > table.clientWidth + 1)
      shape.push(
        `a table to be pushed sideways, ${table.scrollWidth} px in ${table.clientWidth}: ${named(table)}`,
      );
  return { shape, texts: [...texts] };
}
