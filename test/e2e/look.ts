/**
 * Look: what a screen must keep to, asked of the page itself: contrast AA, names, targets of 44 px, nothing cut off.
 */
import type { Page } from 'playwright-core';

/** @returns one line a fault; none when the screen is fit to be used */
export function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(findFaults);
}

/** Resolves when the page was drawn at its present size: layout runs before the first frame, what it asked for before the second. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/** Runs in the page. */
function findFaults(): string[] {
  const TARGET_PX = 44;
  const faults = new Set<string>();
  const dialogs = [...document.querySelectorAll<HTMLElement>('dialog[open]:not(.covered)')];
  const root = dialogs.at(-1) ?? document.getElementById('root')!;

  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    if (!isSeen(element) || element.closest('.paper, .curve') !== null) continue;
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
    );
    const inactive = element.closest(':disabled, [aria-disabled="true"]') !== null;
    if (own && !inactive) checkContrast(element);
    const target = element.closest('.dock') === null;
    if (element.matches('button, input, select, [role="tab"], a') && target) checkTarget(element);
    if (element.matches('button, input, select') && nameOf(element) === '') say(element, 'has no name');
  }
  if (document.documentElement.scrollWidth > window.innerWidth)
    faults.add('the page is wider than the window');
  return [...faults];

  function say(element: Element, what: string): void {
    const id = element.closest('[data-testid]')?.getAttribute('data-testid') ?? '';
    const text = (element.textContent ?? '').trim().slice(0, 24);
    faults.add(`${element.tagName.toLowerCase()}.${element.className} [${id}] "${text}" ${what}`);
  }

  function isSeen(element: HTMLElement): boolean {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ opacityProperty: true });
  }

  function checkTarget(element: HTMLElement): void {
    if (element.matches('input[type="checkbox"]')) {
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      if (box.height < TARGET_PX) say(element, `is ${Math.round(box.height)} px high`);
      return;
    }
    const { width, height } = element.getBoundingClientRect();
    // A field inside a frame of its own is as tall as the frame.
    const tall = Math.max(height, element.closest('.scan-field')?.getBoundingClientRect().height ?? 0);
    if (width < TARGET_PX - 0.5 || tall < TARGET_PX - 0.5) {
      say(element, `is ${Math.round(width)} x ${Math.round(height)} px`);
    }
    // Words that do not fit into their button.
    if (element.tagName === 'BUTTON' && element.scrollWidth > element.clientWidth + 1)
      say(element, 'is too narrow');
  }

  function nameOf(element: HTMLElement): string {
    const labels =
      'labels' in element ? [...((element.labels as NodeListOf<HTMLLabelElement> | null) ?? [])] : [];
    return [
      element.getAttribute('aria-label'),
      element.getAttribute('title'),
      ...labels.map((label) => label.textContent),
      element.textContent,
    ]
      .filter((text) => text !== null)
      .join('')
      .trim();
  }

  function checkContrast(element: HTMLElement): void {
    const style = getComputedStyle(element);
    const grounds = groundsOf(element);
    if (grounds === null) return;
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    for (const ground of grounds) {
      const ratio = contrast(over(colourOf(style.color), ground, opacityOf(element)), ground);
      if (ratio < (large ? 3 : 4.5)) say(element, `has contrast ${ratio.toFixed(2)}`);
    }
  }

  function opacityOf(element: HTMLElement | null): number {
    let opacity = 1;
    for (let at = element; at !== null && at !== root; at = at.parentElement) {
      opacity *= Number(getComputedStyle(at).opacity);
    }
    return opacity;
  }

  /** The colours behind a text: one, or all stops of a striped ground. */
  function groundsOf(element: HTMLElement): number[][] | null {
    for (let at: HTMLElement | null = element; at !== null; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      if (backgroundImage !== 'none') {
        const stops = backgroundImage.match(/rgba?\([^)]+\)/g);
        return stops === null ? null : stops.map(colourOf);
      }
      const colour = colourOf(backgroundColor);
      if (colour[3]! > 0.99) return [colour];
    }
    return [[255, 255, 255, 1]];
  }

  function colourOf(text: string): number[] {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  }

  function over(colour: number[], ground: number[], opacity: number): number[] {
    const a = colour[3]! * opacity;
    return [0, 1, 2].map((i) => colour[i]! * a + ground[i]! * (1 - a));
  }

  function contrast(a: number[], b: number[]): number {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(colour: number[]): number {
    const [r, g, b] = [0, 1, 2].map((i) => {
      const part = colour[i]! / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
}
