/**
 * Saved views: addresses with a name, kept in this browser. An address holds all that a page shows, so no more is needed.
 */
import { useSyncExternalStore } from 'react';

export interface SavedView {
  readonly name: string;
  /** Path and query. */
  readonly href: string;
}

const KEY = 'counterfoil.hq.views';
const VIEWS_MAX = 50;
const listeners = new Set<() => void>();
let known: { text: string | null; views: readonly SavedView[] } = { text: null, views: [] };

export function useViews(): readonly SavedView[] {
  return useSyncExternalStore(subscribe, savedViews);
}

export function savedViews(): readonly SavedView[] {
  const text = localStorage.getItem(KEY);
  if (text !== known.text) known = { text, views: parseViews(text) };
  return known.views;
}

/** One name is one view: the newer takes the older's place. */
export function saveView(view: SavedView): void {
  const others = savedViews().filter(({ name }) => name !== view.name);
  keep([view, ...others].slice(0, VIEWS_MAX));
}

export function removeView(name: string): void {
  keep(savedViews().filter((view) => view.name !== name));
}

/** What is not a view is dropped: another program, or an older one, may have written there. */
export function parseViews(text: string | null): readonly SavedView[] {
  try {
    const list = JSON.parse(text ?? '[]') as unknown;
    return Array.isArray(list) ? list.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(thing: unknown): thing is SavedView {
  const { name, href } = (thing ?? {}) as Partial<SavedView>;
  return typeof name === 'string' && typeof href === 'string' && /^\/(?!\/)/.test(href);
}

function keep(views: readonly SavedView[]): void {
  localStorage.setItem(KEY, JSON.stringify(views));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}
