/** The stores of a day, best first, each with what it sold, how that stands, and its tills. */
import type { TillRow } from '../../../schemas.ts';
import type { Store } from '../../api/types.ts';
import { type Figures, figuresOf } from '../../figures/equation.ts';
import { countHearing, type HearingCount, type Pace, paceOf } from '../../figures/pace.ts';
import { type Change, changeOf } from '../../format/number.ts';
import { tillsAtWork } from '../../parts/till-state.tsx';
import type { Compared } from './store-changes.ts';
import type { DayGroup } from './use-day.ts';

export interface StoreRow {
  readonly store: Store;
  readonly figures: Figures;
  /** Null: there is nothing to compare with, or it is not known yet. */
  readonly change: Change | null;
  readonly pace: Pace;
  /** Null: not known yet. */
  readonly tills: HearingCount | null;
}

/** @param facts.tills  null: not known yet */
export function storeRows(
  group: DayGroup,
  facts: {
    readonly tills: readonly TillRow[] | null;
    readonly compared: ReadonlyMap<string, Compared>;
    readonly nowMs: number;
  },
): StoreRow[] {
  const { tills, compared, nowMs } = facts;
  const byStore = (list: readonly TillRow[], id: string) => list.filter(({ storeId }) => storeId === id);
  const atWork = tills === null ? null : tillsAtWork(tills);
  return group.stores
    .map((store) => {
      const both = compared.get(store.id) ?? { nowMinor: 0, beforeMinor: 0 };
      return {
        store,
        figures: figuresOf(group.days.filter((day) => day.storeId === store.id)),
        change: changeOf(both.nowMinor, both.beforeMinor),
        pace: paceOf(both.nowMinor, both.beforeMinor),
        tills: atWork === null ? null : countHearing(byStore(atWork, store.id), nowMs),
      };
    })
    .sort((a, b) => b.figures.totalMinor - a.figures.totalMinor || a.store.id.localeCompare(b.store.id));
}

export const STORE_VIEWS = ['tiles', 'down', 'silent', 'table'] as const;
export type StoreView = (typeof STORE_VIEWS)[number];

/** What a view holds back: of the stores that are down, and of those that HQ does not hear. */
export function shownIn(view: StoreView, rows: readonly StoreRow[]): readonly StoreRow[] {
  if (view === 'down') return rows.filter(({ pace }) => pace === 'down' || pace === 'far_down');
  if (view === 'silent') return rows.filter(({ tills }) => tills !== null && tills.late + tills.silent > 0);
  return rows;
}

/** Stores by region, the region that sold most first; one part without a name where no store has a region. */
export function byRegion(rows: readonly StoreRow[]): readonly (readonly [string, readonly StoreRow[]])[] {
  const parts = new Map<string, StoreRow[]>();
  for (const row of rows) {
    const region = row.store.region ?? '';
    parts.set(region, [...(parts.get(region) ?? []), row]);
  }
  const sum = (part: readonly StoreRow[]) =>
    part.reduce((total, { figures }) => total + figures.totalMinor, 0);
  return [...parts].sort((a, b) => sum(b[1]) - sum(a[1]) || a[0].localeCompare(b[0]));
}
