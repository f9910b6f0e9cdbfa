/**
 * Colours as people see them: how well one stands on another, and one mixed into another until it does.
 *
 * Pure. A colour is `#rrggbb`. Source: WCAG 2.2, relative luminance and contrast ratio.
 */

/** What WCAG AA asks of words of ordinary size. */
export const READABLE = 4.5;

/** @returns 1 (the same) to 21 (black on white) */
export function contrastOf(one: string, other: string): number {
  const [light, dark] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** @param part  0 leaves `colour`, 1 is `into` */
export function mixed(colour: string, into: string, part: number): string {
  const [from, to] = [channelsOf(colour), channelsOf(into)];
  return `#${from
    .map((value, index) => Math.round(value + (to[index]! - value) * part))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** The colour, lightened in steps of a twentieth until it is readable on the ground. */
export function lightenedOn(colour: string, ground: string): string {
  for (let step = 0; step <= 20; step++) {
    const lighter = mixed(colour, '#ffffff', step / 20);
    if (contrastOf(lighter, ground) >= READABLE) return lighter;
  }
  return '#ffffff';
}

function luminanceOf(colour: string): number {
  const [r, g, b] = channelsOf(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
