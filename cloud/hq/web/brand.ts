/**
 * The look of the house: its name, mark and colour, asked of HQ and kept in this browser, so that the next start begins with it.
 */
import { useSyncExternalStore } from 'react';
import type { z } from 'zod';
import { lightenedOn, mixed } from '../../../src/core/colour.ts';
import type { BrandShape } from '../brand-schemas.ts';
import { getJson } from './api/client.ts';
import { DAY, NIGHT } from './theme.ts';

export type Brand = z.infer<typeof BrandShape>;

export const BRANDING = '/api/v1/branding';
const KEY = 'counterfoil.hq.brand';
const PLAIN: Brand = { name: 'Counterfoil', colour: DAY.accent, markPng: null, revision: 0 };

let brand = kept();
const listeners = new Set<() => void>();

export function useBrand(): Brand {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => brand,
  );
}

/** The look that was kept at once, then HQ's; without an answer the page goes on with what it has. */
export function startBrand(): void {
  apply();
  getJson<Brand>(BRANDING).then(showBrand, () => {});
}

export function showBrand(next: Brand): void {
  if (JSON.stringify(next) === JSON.stringify(brand)) return;
  brand = next;
  localStorage.setItem(KEY, JSON.stringify(next));
  apply();
  for (const listener of listeners) listener();
}

/** Accent and its soft ground by day or by night; null: the plain one. */
export function accentOf({ colour }: Brand, dark: boolean): { accent: string; accentSoft: string } | null {
  if (colour === PLAIN.colour) return null;
  const tokens = dark ? NIGHT : DAY;
  return {
    accent: dark ? lightenedOn(colour, tokens.card) : colour,
    accentSoft: mixed(colour, tokens.card, dark ? 0.72 : 0.9),
  };
}

function kept(): Brand {
  try {
    return { ...PLAIN, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Brand>) };
  } catch {
    return PLAIN;
  }
}

/** One style sheet of our own after the built ones: both looks stand in it, and the page's switch chooses. */
function apply(): void {
  const sheet = document.getElementById('brand') ?? document.createElement('style');
  sheet.id = 'brand';
  const [day, night] = [accentOf(brand, false), accentOf(brand, true)];
  sheet.textContent =
    day === null || night === null
      ? ''
      : `:root{--accent:${day.accent};--accent-soft:${day.accentSoft}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"]){--accent:${night.accent};--accent-soft:${night.accentSoft}}}
@media screen{:root[data-theme="dark"]{--accent:${night.accent};--accent-soft:${night.accentSoft}}}`;
  document.head.append(sheet);
}
