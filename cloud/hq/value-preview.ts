/**
 * The top-ups of past days under other rules of stored value: which bonus they would have brought, and which would not have been
 * taken. What an account may hold is not looked at, only what one top-up may be. Gift cards get no bonus.
 */
import { addDays } from '../../src/core/ledger.ts';
import { type StoredValuePolicy, topUpOf } from '../../src/core/stored-value.ts';
import type { Queryable } from '../db/db.ts';
import type { PolicyPreview } from './offer-preview-schemas.ts';

export async function previewPolicy(
  db: Queryable,
  asked: { readonly businessDate: string; readonly days: number; readonly policy: StoredValuePolicy },
): Promise<PolicyPreview> {
  const { businessDate, days, policy } = asked;
  const { currency } = policy;
  const [from, to] = [addDays(businessDate, 1 - days), businessDate];
  // Top-ups of one amount come to the same: a group each, however many there were.
  const moved = await db.query<{ kind: string; purse: string; amountMinor: number; times: number }>(
    `select e.kind, e.purse, e.points as "amountMinor", count(*) as times
     from ledger_entry e join ledger_account a using (holder_id, purse)
     where e.purse in ('value', 'gift_card') and e.kind in ('top_up', 'bonus')
       and e.on_date between $1::date and $2::date and a.currency = $3 group by 1, 2, 3 order by 1, 2, 3`,
    [from, to, currency],
  );
  const preview = {
    ...{ from, to, currency, topUps: 0, toppedUpMinor: 0, refused: 0, refusedMinor: 0 },
    ...{ bonusThenMinor: 0, bonusNowMinor: 0 },
  };
  // Only what one top-up may be decides here.
  const free = {
    ...policy,
    named: { ...policy.named, balanceMaxMinor: Number.MAX_SAFE_INTEGER },
  };
  for (const { kind, purse, amountMinor, times } of moved) {
    if (kind === 'bonus') {
      preview.bonusThenMinor += amountMinor * times;
      continue;
    }
    preview.topUps += times;
    preview.toppedUpMinor += amountMinor * times;
    const facts = { amountMinor, currency, principalMinor: 0, isNamed: true, on: to };
    const top = topUpOf(free, facts);
    if (!top.ok) {
      preview.refused += times;
      preview.refusedMinor += amountMinor * times;
    } else if (purse === 'value') preview.bonusNowMinor += top.value.bonusMinor * times;
  }
  return preview;
}
