/**
 * An issue of coupons that is taken back: its codes that nobody has used are worth nothing from now on. What was used stands.
 */
import type { Db } from '../db/db.ts';
import { publishCoupons } from './coupons.ts';

export interface IssueTakenBack {
  /** Codes that are worth nothing now, this time or before. */
  readonly cancelled: number;
  /** Codes that somebody was faster with: they stand. */
  readonly used: number;
}

/** Codes in one transaction. */
const CODES_AT_ONCE = 1_000;

/** Again, or after a crash, it goes on with those that are left. @returns null: there was no such issue */
export async function takeBackIssue(
  db: Db,
  { templateId, key }: { readonly templateId: string; readonly key: string },
  nowMs: number,
): Promise<IssueTakenBack | null> {
  const source = `issue:${key}`;
  for (;;) {
    const some = await db.transaction(async (tx) => {
      const rows = await tx.query<{ member_id: string }>(
        `update member_coupon c set cancelled_at = to_timestamp($3::float8 / 1000)
         from (select member_id, coupon_id from member_coupon where source = $1 and template_id = $2
           and used_at is null and cancelled_at is null order by coupon_id limit $4 for update) d
         where c.member_id = d.member_id and c.coupon_id = d.coupon_id returning c.member_id`,
        [source, templateId, nowMs, CODES_AT_ONCE],
      );
      await publishCoupons(
        tx,
        rows.map(({ member_id }) => member_id),
      );
      return rows.length;
    });
    if (some < CODES_AT_ONCE) break;
  }
  const [row] = await db.query<IssueTakenBack>(
    `select count(*) filter (where cancelled_at is not null) as cancelled, count(*) filter (where used_at is not null) as used
     from member_coupon where source = $1 and template_id = $2`,
    [source, templateId],
  );
  return row!.cancelled + row!.used === 0 ? null : row!;
}
