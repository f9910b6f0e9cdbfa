/**
 * Each store against the same weekday a week ago: a running day by its finished hours, by the store's own clock; a day that is
 * over as a whole. Two questions for a chain in two time zones, however many stores it has.
 */
import type { PaceList } from '../../../schemas.ts';
import { pacePath } from '../../api/paths.ts';
import { useQueries } from '../../api/use-query.ts';
import { figuresOf } from '../../figures/equation.ts';
import { datesOf } from '../../parts/stores.ts';
import { type DayGroup, runningHour, type Scope } from './use-day.ts';

/** Minor units of both days, of the hours that are compared. */
export interface Compared {
  readonly nowMinor: number;
  readonly beforeMinor: number;
}

/** @returns by store; a store whose hours are not known yet is left out */
export function useStoreChanges(scope: Scope, group: DayGroup): ReadonlyMap<string, Compared> {
  const dates = datesOf(group.stores, scope.picked, scope.nowMs);
  const asked = new Map<string, string[]>();
  const compared = new Map<string, Compared>();
  for (const store of group.stores) {
    const hour = runningHour([store], scope.picked, scope.nowMs);
    if (hour === 24) compared.set(store.id, wholeDay(group, store.id));
    else {
      const path = pacePath({ businessDate: dates.get(store.id)!, beforeHour: hour });
      asked.set(path, [...(asked.get(path) ?? []), store.id]);
    }
  }
  const answers = useQueries<PaceList>([...asked.keys()]);
  for (const [index, ids] of [...asked.values()].entries()) {
    const data = answers[index]?.data;
    if (data == null) continue;
    const rows = new Map(data.stores.map((row) => [row.storeId, row]));
    for (const id of ids) {
      const row = rows.get(id);
      compared.set(id, { nowMinor: row?.totalMinor ?? 0, beforeMinor: row?.lastWeekMinor ?? 0 });
    }
  }
  return compared;
}

function wholeDay({ days, lastWeek }: DayGroup, id: string): Compared {
  const of = (list: typeof days) => figuresOf(list.filter(({ storeId }) => storeId === id)).totalMinor;
  return { nowMinor: of(days), beforeMinor: of(lastWeek) };
}
