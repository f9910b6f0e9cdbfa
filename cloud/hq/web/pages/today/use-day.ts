/**
 * The facts of one day of trade for some stores: figures, hours, the same a week before, tills.
 */
import type { Currency } from '../../../../../src/core/money.ts';
import type { HourList, StoreDay, StoreDayList, TillList } from '../../../schemas.ts';
import { hoursPath, storeDaysPath, TILLS } from '../../api/paths.ts';
import type { Store } from '../../api/types.ts';
import { type Query, useQueries, useQuery } from '../../api/use-query.ts';
import { byCurrency } from '../../figures/equation.ts';
import { type Hour, sumHours } from '../../figures/hours.ts';
import { addDays, hourIn } from '../../format/date.ts';
import { allOf } from '../../parts/answered.tsx';
import { datesOf } from '../../parts/stores.ts';

export interface Scope {
  /** Stores to look at, at least one. */
  readonly stores: readonly Store[];
  /** Set when the stores are this one alone; else they are all there are. */
  readonly storeId?: string | undefined;
  /** The day that was picked; undefined = today, wherever the store is. */
  readonly picked?: string | undefined;
  readonly nowMs: number;
}

/** What one currency's stores sold. */
export interface DayGroup {
  readonly currency: Currency;
  readonly stores: readonly Store[];
  readonly days: readonly StoreDay[];
  readonly lastWeek: readonly StoreDay[];
}

export function useDayFigures(scope: Scope): Query<readonly DayGroup[]> {
  const dates = datesOf(scope.stores, scope.picked, scope.nowMs);
  const sorted = [...dates.values()].sort();
  const [from, to] = [sorted[0]!, sorted.at(-1)!];
  const { storeId } = scope;
  const query = allOf(
    useQueries<StoreDayList>([
      storeDaysPath({ from, to, storeId }),
      storeDaysPath({ from: addDays(from, -7), to: addDays(to, -7), storeId }),
    ]),
  );
  if (query.data === null) return { ...query, data: null };
  const [now, before] = query.data.map(({ days }) => days) as [StoreDay[], StoreDay[]];
  const data = byCurrency(scope.stores, (store) => store.currency).map(({ currency, items }) => ({
    currency,
    stores: items,
    days: now.filter((day) => isOf(day, items, dates, 0)),
    lastWeek: before.filter((day) => isOf(day, items, dates, -7)),
  }));
  return { ...query, data };
}

function isOf(
  day: StoreDay,
  stores: readonly Store[],
  dates: ReadonlyMap<string, string>,
  shift: number,
): boolean {
  const date = dates.get(day.storeId);
  return (
    stores.some((store) => store.id === day.storeId) &&
    date !== undefined &&
    day.businessDate === addDays(date, shift)
  );
}

export interface DayHours {
  readonly today: readonly Hour[];
  readonly lastWeek: readonly Hour[];
}

/**
 * Hours of the stores of one currency. One answer covers all stores where they share currency and day; else each
 * store is asked for by itself, because HQ's sum would mix what must not be added up.
 */
export function useDayHours(scope: Scope, stores: readonly Store[]): Query<DayHours> {
  const dates = datesOf(stores, scope.picked, scope.nowMs);
  const together = new Set(dates.values()).size === 1 && stores.length === scope.stores.length;
  const asked = together ? stores.slice(0, 1) : stores;
  const pathsAt = (shift: number) =>
    asked.map((store) =>
      hoursPath({
        businessDate: addDays(dates.get(store.id)!, shift),
        storeId: together ? scope.storeId : store.id,
      }),
    );
  const query = allOf(useQueries<HourList>([...pathsAt(0), ...pathsAt(-7)]));
  if (query.data === null) return { ...query, data: null };
  const lists = query.data.map(({ hours }) => hours);
  return {
    ...query,
    data: { today: sumHours(lists.slice(0, asked.length)), lastWeek: sumHours(lists.slice(asked.length)) },
  };
}

/** The running hour where the day is still on; 24 when it is over in every store. */
export function runningHour(stores: readonly Store[], picked: string | undefined, nowMs: number): number {
  const today = datesOf(stores, undefined, nowMs);
  const open = stores.filter((store) => picked === undefined || picked === today.get(store.id));
  return open.length === 0 ? 24 : Math.min(...open.map((store) => hourIn(nowMs, store.timeZone)));
}

export function useTills(): Query<TillList> {
  return useQuery<TillList>(TILLS);
}
