/**
 * What a request about figures is of: the place, the day or period, the currency; and how a rule's fault is told.
 */
import type { Clock } from '../../src/core/ports.ts';
import { localDate } from '../../src/core/shift.ts';
import type { Queryable } from '../db/db.ts';
import type { Period } from '../segments/equation.ts';
import { currencyOf, type Place, type Scope } from '../segments/scope.ts';
import type { RuleProblem } from '../segments/source.ts';
import { ApiProblem } from './api.ts';

interface Asked {
  readonly storeId?: string | undefined;
  readonly region?: string | undefined;
  readonly currency?: string | undefined;
}

export function placeOf({ storeId, region }: Asked): Place {
  return { storeId: storeId ?? null, region: region ?? null };
}

async function currencyIn(db: Queryable, { currency }: Asked, place: Place): Promise<string> {
  const result = await currencyOf(db, currency ?? null, place);
  if (result.ok) return result.value;
  if (result.error.kind === 'unknown_place') {
    throw new ApiProblem(404, 'unknown_place', 'no store has that id, or lies in that region');
  }
  throw new ApiProblem(422, 'currency_needed', 'name the currency: a report is of one', {
    path: 'currency',
    ...result.error,
  });
}

export async function scopeOf(
  db: Queryable,
  clock: Clock,
  asked: Asked & { readonly asOf?: string | undefined; readonly basis: 'home' | 'store' },
): Promise<Scope> {
  const place = placeOf(asked);
  if (asked.basis === 'store' && place.storeId === null) {
    throw new ApiProblem(422, 'store_needed', 'basis=store is about one store: name storeId', {
      path: 'storeId',
    });
  }
  const asOf = asked.asOf ?? (await todayOf(db, clock, place.storeId));
  return { ...place, asOf, currency: await currencyIn(db, asked, place), basis: asked.basis };
}

export async function periodOf(
  db: Queryable,
  asked: Asked & { readonly from: string; readonly to: string },
): Promise<Period> {
  const place = placeOf(asked);
  for (const day of [asked.from, asked.to]) {
    if (Number.isNaN(Date.parse(day))) throw new ApiProblem(400, 'bad_request', `there is no day ${day}`);
  }
  return { ...place, from: asked.from, to: asked.to, currency: await currencyIn(db, asked, place) };
}

/** The date of a store's own clock; of the first store when none is named. */
export async function todayOf(db: Queryable, clock: Clock, storeId: string | null): Promise<string> {
  const [row] = await db.query<{ zone: string | null }>(
    `select data->>'timeZone' as zone from store where ($1::text is null or store_id = $1) order by store_id limit 1`,
    [storeId],
  );
  return localDate(clock.nowMs(), row?.zone ?? 'UTC');
}

export function ruleProblem(problem: RuleProblem): ApiProblem {
  return new ApiProblem(422, 'rule', `${problem.path}: ${problem.message}`, problem);
}
