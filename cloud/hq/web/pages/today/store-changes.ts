/**
 * Each store against the same weekday a week ago: a running day by its finished hours, by the store's own clock; a day that is
 * over as a whole.
 */
import type { HourList } from '../../../schemas.ts';
import { hoursPath } from '../../api/paths.ts';
import { useQueries } from '../../api/use-query.ts';
import { figuresOf } from '../../figures/equation.ts';
import { sumBefore } from '../../figures/hours.ts';
import { addDays } from '../../format/date.ts';
import { type Change, changeOf } from '../../format/number.ts';
import { datesOf } from '../../parts/stores.ts';
import { type DayGroup, runningHour, type Scope } from './use-day.ts';

/** Hours are asked for store by store: of more stores than this they are not worth it. */
const STORES_MAX = 24;

/** @returns by store; a store without a week before it is left out */
export function useStoreChanges(scope: Scope, group: DayGroup): ReadonlyMap<string, Change> {
  const dates = datesOf(group.stores, scope.picked, scope.nowMs);
  const hourOf = new Map(
    group.stores.map((store) => [store.id, runningHour([store], scope.picked, scope.nowMs)]),
  );
  const running = group.stores.filter(({ id }) => hourOf.get(id)! < 24).slice(0, STORES_MAX);
  const answers = useQueries<HourList>(
    running.flatMap(({ id }) =>
      [0, -7].map((shift) => hoursPath({ businessDate: addDays(dates.get(id)!, shift), storeId: id })),
    ),
  );
  const changes = new Map<string, Change>();
  for (const { id } of group.stores) {
    const at = running.findIndex((store) => store.id === id);
    const change = at < 0 ? wholeDay(group, id) : finishedHours(answers, at, hourOf.get(id)!);
    if (change !== null) changes.set(id, change);
  }
  return changes;
}

function wholeDay({ days, lastWeek }: DayGroup, id: string): Change | null {
  const of = (list: typeof days) => figuresOf(list.filter(({ storeId }) => storeId === id)).totalMinor;
  return changeOf(of(days), of(lastWeek));
}

function finishedHours(
  answers: readonly { readonly data: HourList | null }[],
  at: number,
  hour: number,
): Change | null {
  const [now, before] = [answers[2 * at]?.data, answers[2 * at + 1]?.data];
  if (now == null || before == null) return null;
  return changeOf(sumBefore(now.hours, hour).totalMinor, sumBefore(before.hours, hour).totalMinor);
}
