/**
 * What each page asks of its reader, and whether this one may see it. HQ decides again with each question; here it is only
 * decided what is worth showing.
 *
 * Pure.
 */
import { holds, type Right, type Session } from '../api/session.ts';
import { type Place, SETTING_TABS } from './places.ts';
import type { Route } from './routes.ts';

export interface Ask {
  readonly right: Right;
  readonly reach: 'rows' | 'chain';
}

const rows = (right: Right): Ask => ({ right, reach: 'rows' });
const chain = (right: Right): Ask => ({ right, reach: 'chain' });

const PAGES: Readonly<Partial<Record<Route['page'], Ask>>> = {
  today: rows('sales.read'),
  store: rows('sales.read'),
  days: rows('sales.read'),
  sales: rows('sales.read'),
  sale: rows('sales.read'),
  analysis: rows('reports.read'),
  members: rows('members.read'),
  member: rows('members.read'),
  segments: rows('segments.read'),
  loyalty: rows('loyalty.read'),
  prices: rows('promotions.read'),
  fleet: rows('tills.read'),
  tills: rows('tills.read'),
  till: rows('tills.read'),
  audit: chain('audit.read'),
  settings: chain('access.read'),
};

/** Tabs that ask for more, or for something else, than their page. */
const TABS: Readonly<Record<string, Readonly<Record<string, Ask>>>> = {
  settings: {
    users: chain('access.read'),
    tokens: chain('access.read'),
    webhooks: chain('webhooks.read'),
    fields: chain('members.read'),
    thresholds: chain('reports.read'),
    privacy: chain('members.read'),
    branding: chain('stores.read'),
    jobs: chain('jobs.read'),
  },
  fleet: {
    shifts: rows('sales.read'),
    fraud: rows('sales.read'),
    alerts: rows('tills.read'),
    remote: rows('stores.read'),
    addTill: chain('tills.write'),
  },
  loyalty: { overview: chain('loyalty.read'), history: chain('promotions.read') },
  members: { import: chain('members.write') },
  prices: { conflicts: rows('promotions.read'), history: chain('promotions.read') },
};

/** @returns null: whoever is signed in */
export function askOf(route: Route): Ask | null {
  const tab = 'tab' in route ? route.tab : undefined;
  const page = PAGES[route.page] ?? null;
  return (tab === undefined ? null : TABS[route.page]?.[tab]) ?? page;
}

export function mayOpen(session: Session | null, route: Route): boolean {
  if (route.page === 'settings' && route.tab === undefined)
    return SETTING_TABS.some((tab) => mayOpen(session, { page: 'settings', tab }));
  const ask = askOf(route);
  return ask === null || holds(session, ask.right, ask.reach);
}

/** The tabs of a page that this reader may see, in their order. */
export function tabsFor<T extends string>(
  session: Session | null,
  page: 'settings' | 'fleet' | 'loyalty' | 'prices' | 'members',
  tabs: readonly T[],
): readonly T[] {
  return tabs.filter((tab) => mayOpen(session, { page, tab }));
}

/** Where a place leads this reader: its own address, else another page of it; null where all are closed. */
export function firstAllowed({ to, pages, tabs = [] }: Place, session: Session | null): Route | null {
  const others: readonly Route[] = [
    ...tabs.map((tab) => ({ ...to, tab }) as Route),
    ...pages.filter((page) => page === 'sales' || page === 'days').map((page): Route => ({ page })),
  ];
  const first = tabs.length === 0 ? [to] : [];
  return [...first, ...others].find((route) => mayOpen(session, route)) ?? null;
}

/** The store that an address names and that is not the reader's; null when there is none. */
export function foreignStore(session: Session | null, route: Route): string | null {
  const named = 'storeId' in route ? route.storeId : undefined;
  if (named === undefined || session === null || session.stores === null) return null;
  return session.stores.includes(named) ? null : named;
}
