/**
 * Rights at the till: what the cloud has granted less what the journal says was spent and given back. Never below zero.
 *
 * Folded from the journal (`right_granted`, `right_returned`, sales) and can be rebuilt. Money given back raises no right: it
 * goes to the member's account at HQ, and may be spent again when a lease brings it.
 */

import { seriesOf } from '../core/coupon-code.ts';
import {
  draw,
  homeLeaseId,
  isOver,
  type LeaseCount,
  type LeasePurpose,
  leaseLeft,
  type RightGranted,
  type RightKey,
  type RightReturned,
  type Rights,
  rightKey,
  type SoldLineRef,
} from '../core/lease.ts';
import type { CouponEntry, UsesLeft } from '../core/promotion.ts';
import { codeOf } from '../core/promotion-coupon.ts';
import type { CompiledRules } from '../core/promotion-index.ts';
import { limitedRules } from '../core/replay.ts';
import type { Sale } from '../core/sale.ts';
import { spendsOf } from '../core/spend.ts';
import type { Sqlite, Statement } from './db.ts';

/** A lease that the till may still spend of, or must give back. */
export interface OpenLease extends LeaseCount {
  readonly key: RightKey;
  readonly purpose: LeasePurpose;
}

const OPEN = `select key, lease_id as leaseId, granted as amount, until_ms as untilMs, purpose, spent, 0 as returned,
  'held' as state from right_grant where returned is null`;

/** What the journal says of rights, entry by entry; an entry that is folded again changes nothing. */
export class RightsFold {
  private readonly putSpent: Statement;
  private readonly putGrant: Statement;
  private readonly putReturned: Statement;
  private readonly putDrawn: Statement;
  private readonly closeAll: Statement;
  private readonly putHome: Statement;
  private readonly openOf: Statement;

  constructor(db: Sqlite) {
    this.putSpent = db.prepare('insert or ignore into right_spent (key, seq, amount) values (?, ?, ?)');
    this.putGrant = db.prepare(
      `insert or ignore into right_grant (key, lease_id, epoch, granted, until_ms, purpose)
       values (?, ?, ?, ?, ?, ?)`,
    );
    this.putReturned = db.prepare(
      'update right_grant set returned = ? where key = ? and lease_id = ? and returned is null',
    );
    this.putDrawn = db.prepare('update right_grant set spent = ? where key = ? and lease_id = ?');
    this.putHome = db.prepare(
      `insert or ignore into right_grant (key, lease_id, epoch, granted, until_ms, purpose, returned)
       values (?, ?, 0, ?, 0, 'ahead', ?)`,
    );
    this.closeAll = db.prepare('update right_grant set returned = 0 where returned is null');
    this.openOf = db.prepare(`${OPEN} and key = ?`);
  }

  sale(seq: number, sale: Sale): void {
    for (const [key, amount] of spendsOf(sale)) {
      if (this.putSpent.run(key, seq, amount).changes === 0) continue;
      const open = this.openOf.all(key) as OpenLease[];
      for (const { leaseId, spent } of draw(open, amount).leases) this.putDrawn.run(spent, key, leaseId);
    }
  }

  granted({ key, leaseId, epoch, amount, untilMs, purpose }: RightGranted): void {
    this.putGrant.run(key, leaseId, epoch, amount, untilMs, purpose);
  }

  /** Another journal begins: what the one before it held is spent no more. */
  journalOpened(): void {
    this.closeAll.run();
  }

  returned({ rights }: RightReturned): void {
    for (const { key, leaseId, amount } of rights) {
      // What this till sold it holds without a grant: given back for good it is a row of its own.
      if (leaseId.startsWith('home:')) this.putHome.run(key, leaseId, amount, amount);
      else this.putReturned.run(amount, key, leaseId);
    }
  }
}

export class RightsBook implements Rights {
  private readonly catchUp: () => void;
  private readonly nowMs: () => number;
  private readonly openOf: Statement;
  private readonly allOpen: Statement;
  private readonly countOf: Statement;
  private readonly spentOf: Statement;
  private readonly byId: Statement;
  /** Codes that HQ says are used up: known while this program runs, and at HQ for good. */
  private readonly denied = new Set<RightKey>();

  /** @param catchUp brings the fold up to the journal's head */
  constructor(db: Sqlite, catchUp: () => void, nowMs: () => number) {
    this.catchUp = catchUp;
    this.nowMs = nowMs;
    this.openOf = db.prepare(`${OPEN} and key = ?`);
    this.allOpen = db.prepare(`${OPEN} order by until_ms, lease_id`);
    this.countOf = db.prepare('select count(*) as n from right_grant where key = ?');
    this.spentOf = db.prepare('select coalesce(sum(amount), 0) as sum from right_spent where key = ?');
    this.byId = db.prepare('select 1 from right_grant where key = ? and lease_id = ?');
  }

  /** A lease whose epoch is over by this till's clock is spent no more, whether it was given back yet or not. */
  usable(key: RightKey): number {
    this.catchUp();
    const nowMs = this.nowMs();
    return (this.openOf.all(key) as OpenLease[])
      .filter((lease) => !isOver(lease, nowMs))
      .reduce((sum, lease) => sum + leaseLeft(lease), 0);
  }

  open(): OpenLease[] {
    this.catchUp();
    return this.allOpen.all() as OpenLease[];
  }

  knows({ key, leaseId }: { readonly key: RightKey; readonly leaseId: string }): boolean {
    this.catchUp();
    return this.byId.get(key, leaseId) !== undefined;
  }

  /** A line that was sold here and that another till may pay back: this one does it by a lease like any other. */
  isGivenAway(line: SoldLineRef): boolean {
    return this.knows({ key: rightKey.refund(line), leaseId: homeLeaseId(line) });
  }

  deny(key: RightKey, isDenied: boolean): void {
    if (isDenied) this.denied.add(key);
    else this.denied.delete(key);
  }

  /** What a basket may still use of limited rules and coupons; rules and codes without a limit are not listed. */
  usesLeft(
    promotions: CompiledRules,
    basket: { readonly memberId: string | null; readonly coupons: readonly CouponEntry[] },
  ): UsesLeft {
    const rules: Record<string, number> = {};
    for (const [ruleId, { total, perMember }] of limitedRules(promotions)) {
      const { memberId } = basket;
      const ofMember = memberId === null ? 0 : this.usable(rightKey.rule(ruleId, memberId));
      const ofAll = this.usable(rightKey.rule(ruleId, null));
      rules[ruleId] = Math.min(total ? ofAll : ofMember, perMember ? ofMember : ofAll);
    }
    const coupons: Record<string, number> = {};
    for (const entry of basket.coupons) {
      const left = this.couponLeft(entry);
      if (left !== null) coupons[codeOf(entry)] = left;
    }
    return {
      ...(Object.keys(rules).length === 0 ? {} : { rules }),
      ...(Object.keys(coupons).length === 0 ? {} : { coupons }),
    };
  }

  /**
   * A code with a grant has what is left of it; one of a series is good once in the whole chain, so without a grant it is
   * worth nothing. A GS1 coupon with a serial is another issuer's: good once, as far as this till knows.
   */
  private couponLeft(entry: CouponEntry): number | null {
    const code = codeOf(entry);
    const key = rightKey.coupon(code);
    if (this.wasGranted(key)) return this.usable(key);
    if (this.denied.has(key) || seriesOf(code) !== null) return 0;
    if (!('gs1' in entry) || entry.gs1.serial === '') return null;
    this.catchUp();
    return Math.max(0, 1 - (this.spentOf.get(key) as { sum: number }).sum);
  }

  private wasGranted(key: RightKey): boolean {
    this.catchUp();
    return (this.countOf.get(key) as { n: number }).n > 0;
  }
}
