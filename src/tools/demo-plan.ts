/**
 * Who comes when: the visits of the demo chain, day by day, with the weather of a shop's year in them.
 *
 * Pure. A member's and a store's days are drawn from their own seeds, in order, so a longer plan begins with the shorter one:
 * a demo that is started again next week goes on where it stopped.
 */
import { DEMO_STORES, type Habit } from './demo-chain.ts';
import { seeded } from './demo-world.ts';

export interface Visit {
  /** Days after the first day of the plan. */
  readonly day: number;
  readonly minuteOfDay: number;
  readonly storeIndex: number;
  readonly habit: Habit | null;
  /** Seed of what is bought. */
  readonly seed: number;
}

/** Index 0 = January. Spring festival, June sales, the eleventh of November, Christmas. */
const MONTHS = [1.06, 1.12, 0.9, 0.94, 1, 1.1, 0.94, 0.95, 1, 1.05, 1.2, 1.16];
/** Index 0 = Sunday. */
const WEEKDAYS = [1.34, 0.82, 0.8, 0.84, 0.9, 1.1, 1.42];
const FEASTS: Readonly<Record<string, number>> = {
  '06-18': 1.9,
  '11-11': 2.3,
  '12-12': 1.7,
  '12-24': 1.5,
  '02-14': 1.4,
};
/** From nine to ten at night. */
const HOURS = [2, 4, 6, 8, 7, 5, 5, 6, 8, 10, 10, 8, 4];
const OPENS_AT = 9 * 60;

/** How busy a date is beside a plain day. @param date `YYYY-MM-DD` */
export function busyness(date: string): number {
  const [, month] = date.split('-').map(Number) as [number, number];
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return MONTHS[month - 1]! * WEEKDAYS[weekday]! * (FEASTS[date.slice(5)] ?? 1);
}

export function dateOfDay(firstDate: string, day: number): string {
  return new Date(Date.parse(`${firstDate}T00:00:00Z`) + day * 86_400_000).toISOString().slice(0, 10);
}

/** All visits of days 0 to `days - 1`, in the order in which they happen. */
export function planVisits(firstDate: string, days: number, habits: readonly Habit[]): Visit[] {
  const dates = Array.from({ length: days }, (_, day) => dateOfDay(firstDate, day));
  const busy = dates.map(busyness);
  const visits = [
    ...DEMO_STORES.flatMap((_, storeIndex) => strangers(storeIndex, busy)),
    ...habits.flatMap((habit, index) => regular(habit, index, busy)),
  ];
  return visits.sort((a, b) => a.day - b.day || a.minuteOfDay - b.minuteOfDay || a.seed - b.seed);
}

function strangers(storeIndex: number, busy: readonly number[]): Visit[] {
  const { strangersADay, opensOnDay } = DEMO_STORES[storeIndex]!;
  const next = seeded(500_000 + storeIndex);
  return busy.flatMap((factor, day) => {
    // Trade grows over the year; a new store starts small.
    const growth = 0.86 + (0.2 * day) / 365;
    const ramp = opensOnDay === 0 ? 1 : Math.min(1, 0.4 + (day - opensOnDay) / 60);
    const count = Math.round(strangersADay * factor * growth * ramp * (0.8 + 0.4 * next()));
    const visits = Array.from({ length: Math.max(0, count) }, () =>
      visitAt(next, { day, storeIndex, habit: null }),
    );
    return day < opensOnDay ? [] : visits;
  });
}

function regular(habit: Habit, index: number, busy: readonly number[]): Visit[] {
  const next = seeded(20_000_000 + index);
  const visits: Visit[] = [];
  let at = habit.fromDay;
  while (at < busy.length) {
    const day = toBusyDay(at, busy, next);
    if (day >= 0 && day < busy.length)
      visits.push(visitAt(next, { day, storeIndex: storeOf(habit, day, next), habit }));
    if (next() < habit.leaves) break;
    const month = at >= 0 && at < busy.length ? busy[at]! : 1;
    at += Math.max(1, Math.round((habit.cycleDays * (0.35 + 1.3 * next())) / Math.sqrt(month)));
  }
  return visits;
}

/** Of three days about the one meant, the busier ones win. */
function toBusyDay(at: number, busy: readonly number[], next: () => number): number {
  const days = [at, at + 1, at + 2];
  const weights = days.map((day) => busy[day] ?? 1);
  let draw = next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    draw -= weight;
    if (draw < 0) return days[index]!;
  }
  return at;
}

function storeOf(habit: Habit, day: number, next: () => number): number {
  const elsewhere = Math.floor(next() * DEMO_STORES.length);
  const goes = next() < 0.1 && day >= DEMO_STORES[elsewhere]!.opensOnDay ? elsewhere : habit.homeStore;
  return day >= DEMO_STORES[goes]!.opensOnDay ? goes : 0;
}

function visitAt(next: () => number, facts: Pick<Visit, 'day' | 'storeIndex' | 'habit'>): Visit {
  const total = HOURS.reduce((sum, weight) => sum + weight, 0);
  let draw = next() * total;
  let hour = HOURS.findIndex((weight) => {
    draw -= weight;
    return draw < 0;
  });
  if (hour < 0) hour = HOURS.length - 1;
  const minuteOfDay = OPENS_AT + hour * 60 + Math.floor(next() * 60);
  return { ...facts, minuteOfDay, seed: Math.floor(next() * 2 ** 31) };
}
