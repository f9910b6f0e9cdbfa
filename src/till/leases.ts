/**
 * The till's end of leases: asks HQ for rights before they are spent, journals what it gets, gives back what nobody needs.
 *
 * A grant counts once it is in the journal (`right_granted`), and what is given back is in the journal before HQ hears of it
 * (`right_returned`), so a kill at any point neither loses nor doubles a right. Never in the way of a sale: without an answer
 * the till spends what it holds. While a basket is being paid nothing is given back.
 */
import { isEmpty } from '../core/basket.ts';
import type { LeasePurpose, RightReturned } from '../core/lease.ts';
import { homeLeaseId, isOver, type RightKey, refundOf, rightKey, type SoldLineRef } from '../core/lease.ts';
import { codeOf } from '../core/promotion-coupon.ts';
import { limitedRules } from '../core/replay.ts';
import { DEFAULT_LEASES, type LeasePolicy } from '../core/store.ts';
import type { Grant, Refused } from '../protocol/down.ts';
import type { TenderAsk } from './api.ts';
import type { Sqlite } from './db.ts';
import type { OpenLease } from './rights.ts';
import type { LeaseEnd } from './sync.ts';
import type { Till } from './till.ts';

/** How long a customer waits for HQ's answer at the moment of paying. */
const ANSWER_MS = 1_500;
/** Another till may be giving back what we ask for: asked again so often, so far apart. */
const TRIES = 3;
const AGAIN_MS = 250;
/** The till that sold gives its right to refund back in its journal, and HQ books that, before another till gets it. */
const REFUND_TRIES = 8;
const REFUND_ANSWER_MS = 4_000;
/** Between two looks at what is over and what regulars lack. */
const TICK_MS = 60_000;

interface Asked {
  readonly key: RightKey;
  readonly wanted: number;
  readonly purpose: LeasePurpose;
  triesLeft: number;
  said: number;
  timer: NodeJS.Timeout | null;
  readonly settle: (amount: number) => void;
}

export class LeaseDesk implements LeaseEnd {
  private readonly till: Till;
  private readonly db: Sqlite;
  private readonly asked = new Map<string, Asked>();
  /** Lines that came back, as HQ says. */
  private readonly usedUp = new Set<RightKey>();
  /** Asked for goods that are about to come to the counter. */
  private readonly covering = new Set<RightKey>();
  /** Asked for the basket at the counter: once is enough. */
  private lookedAt = { basketId: '', memberId: null as string | null, keys: new Set<RightKey>() };
  private isUp = false;
  private isAhead = false;
  private ticker: NodeJS.Timeout | null = null;
  private tidying: NodeJS.Immediate | null = null;

  /** @param db `shop.db`, for who the regulars are */
  constructor(till: Till, db: Sqlite) {
    this.till = till;
    this.db = db;
  }

  start(): void {
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.tidySoon();
  }

  stop(): void {
    if (this.ticker !== null) clearInterval(this.ticker);
    if (this.tidying !== null) clearImmediate(this.tidying);
    this.ticker = null;
    this.line(false);
  }

  // ---- what the counter needs ----

  /** Something has changed at the counter: asks for what its customer may spend and this till does not hold. */
  look(): void {
    const { checkout, catalog, training } = this.till;
    const { basket, member, coupons } = checkout;
    const memberId = member?.id ?? null;
    if (this.lookedAt.basketId !== basket.id || this.lookedAt.memberId !== memberId) {
      this.lookedAt = { basketId: basket.id, memberId, keys: new Set() };
      this.tidySoon();
    }
    if (!this.isUp || training || catalog.store === null) return;
    if (member !== null && member.provisional !== true) this.lookFor(member.id);
    for (const { key, wanted, isMembers } of this.limitedUses(memberId)) {
      if (isMembers) this.once(key, wanted, 'visit');
      // Half a stock is enough to sell on: not a lease a sale.
      else if (this.till.rights.usable(key) <= wanted / 2) this.once(key, wanted, 'ahead');
    }
    for (const entry of coupons) this.once(rightKey.coupon(codeOf(entry)), 1, 'visit');
  }

  /** Rules, the programme or the store's policy have come by the feed. */
  settingsChanged(): void {
    if (!this.isUp) return;
    this.look();
    void this.askAhead();
  }

  private lookFor(memberId: string): void {
    const { pointsMax, valueMinorMax } = this.policy;
    if (this.till.catalog.programme !== null) this.once(rightKey.points(memberId), pointsMax, 'visit');
    this.once(rightKey.storedValue(memberId), valueMinorMax, 'visit');
    this.once(rightKey.storedBonus(memberId), valueMinorMax, 'visit');
  }

  /** Uses of limited rules by a member, or by anybody. */
  private limitedUses(
    memberId: string | null,
  ): { readonly key: RightKey; readonly wanted: number; readonly isMembers: boolean }[] {
    const { promotions } = this.till.catalog;
    const { usesAhead } = this.policy;
    return [...limitedRules(promotions).keys()].flatMap((ruleId) => {
      const { limits } = promotions.rules.find(({ id }) => id === ruleId)!;
      const { total, perMember } = limits ?? {};
      const ofAll =
        total === undefined
          ? []
          : [{ key: rightKey.rule(ruleId, null), wanted: usesAhead, isMembers: false }];
      const ofMember =
        perMember === undefined || memberId === null
          ? []
          : [{ key: rightKey.rule(ruleId, memberId), wanted: perMember, isMembers: true }];
      return [...ofAll, ...ofMember];
    });
  }

  private once(key: RightKey, most: number, purpose: LeasePurpose): void {
    if (this.lookedAt.keys.has(key)) return;
    this.lookedAt.keys.add(key);
    const wanted = most - this.till.rights.usable(key);
    if (wanted > 0 && !this.isAsked(key)) void this.want(key, wanted, purpose);
  }

  /** At the moment of paying: asks for what the tender takes beyond what is held, and waits a little for it. */
  async cover(tender: TenderAsk): Promise<void> {
    const { member } = this.till.checkout;
    if (!this.isUp || this.till.training) return;
    switch (tender.kind) {
      case 'points':
        return member === null ? undefined : this.coverOne(rightKey.points(member.id), tender.points);
      case 'gift_card':
        return this.coverOne(rightKey.giftCard(tender.code.trim()), tender.amountMinor);
      case 'stored_value': {
        if (member === null) return;
        const bonus = this.till.rights.usable(rightKey.storedBonus(member.id));
        await this.coverOne(rightKey.storedValue(member.id), tender.amountMinor - bonus);
        const plain = this.till.rights.usable(rightKey.storedValue(member.id));
        return this.coverOne(rightKey.storedBonus(member.id), tender.amountMinor - plain);
      }
    }
  }

  /** Before goods of another till's receipt come back: asks HQ for the right to pay them back, and waits a little for it. */
  async coverRefund(
    saleId: string,
    lines: readonly { readonly lineNo: number; readonly qty: number }[],
  ): Promise<void> {
    if (!this.isUp || this.till.training) return;
    const { rights, returns } = this.till;
    const keys = lines.map(({ lineNo }) => rightKey.refund({ saleId, lineNo }));
    for (const key of keys) this.covering.add(key);
    const asks = lines.map(({ lineNo, qty }, index) => {
      const missing = qty + returns.onLease({ saleId, lineNo }) - rights.usable(keys[index]!);
      return missing <= 0 ? 0 : this.want(keys[index]!, missing, 'visit', REFUND_TRIES);
    });
    await Promise.race([Promise.all(asks), pause(REFUND_ANSWER_MS)]);
    // The goods are on the counter before anything is given back: that waits for the next turn of the loop.
    for (const key of keys) this.covering.delete(key);
  }

  /** HQ has said that all of the line came back. */
  isUsedUp(line: SoldLineRef): boolean {
    return this.usedUp.has(rightKey.refund(line));
  }

  /** What the basket has tendered already of the same right is asked for as well: it is spoken for. */
  private async coverOne(key: RightKey, amount: number): Promise<void> {
    const spokenFor = this.till.checkout.tenders.reduce(
      (sum, tender) =>
        sum + (tender.kind === 'points' ? Math.max(0, tender.points) : Math.max(0, tender.amountMinor)),
      0,
    );
    const missing = amount + spokenFor - this.till.rights.usable(key);
    if (missing <= 0 || key === rightKey.giftCard('')) return;
    await Promise.race([this.want(key, missing, 'visit'), pause(ANSWER_MS)]);
  }

  // ---- asking ----

  /** @returns what was granted; 0: nothing, or nobody to ask */
  want(key: RightKey, wanted: number, purpose: LeasePurpose, triesLeft = TRIES): Promise<number> {
    return new Promise((resolve) => {
      const requestId = this.till.session.newId();
      const asked: Asked = { key, wanted, purpose, triesLeft, said: 0, timer: null, settle: resolve };
      this.asked.set(requestId, asked);
      this.say(requestId, asked);
    });
  }

  private say(requestId: string, asked: Asked): void {
    const { key, wanted, purpose } = asked;
    asked.triesLeft--;
    asked.said++;
    asked.timer = null;
    if (this.till.link?.askLease({ requestId, key, wanted, purpose }) !== true) this.settle(requestId, 0);
  }

  private settle(requestId: string, amount: number): void {
    const asked = this.asked.get(requestId);
    if (asked === undefined) return;
    if (asked.timer !== null) clearTimeout(asked.timer);
    this.asked.delete(requestId);
    asked.settle(amount);
  }

  /** Also of requests that nobody waits for any more, even of an earlier run: what HQ has granted must be in the journal. */
  granted({ requestId, leaseId, key, amount, purpose, epoch, untilMs, sig }: Grant): void {
    const { till } = this;
    if (!till.rights.knows({ key, leaseId })) {
      const terms = { leaseId, key, amount, purpose, epoch, untilMs };
      const body = sig === undefined ? terms : { ...terms, sig };
      till.commit({ kind: 'right_granted', body }, till.zone);
      till.projections.catchUp();
    }
    till.rights.deny(key, false);
    this.usedUp.delete(key);
    till.checkout.repriced();
    this.settle(requestId, amount);
    this.tidySoon();
    till.onChange();
  }

  refused({ requestId, key, free, left }: Refused): void {
    const asked = this.asked.get(requestId);
    if (asked === undefined) return;
    if (left === 0 && key.startsWith('refund:')) {
      this.usedUp.add(key);
      return this.settle(requestId, 0);
    }
    if (free === 0 && asked.triesLeft > 0) {
      asked.timer = setTimeout(() => this.askAgain(requestId, asked), AGAIN_MS * Math.min(asked.said, 2));
      return;
    }
    if (free === 0 && key.startsWith('coupon:')) {
      this.till.rights.deny(key, true);
      this.till.checkout.repriced();
      this.till.onChange();
    }
    this.settle(requestId, 0);
  }

  /** Unless its customer has left meanwhile. */
  private askAgain(requestId: string, asked: Asked): void {
    if (asked.purpose === 'visit' && !this.isNeeded(asked.key)) this.settle(requestId, 0);
    else this.say(requestId, asked);
  }

  /** Nothing is asked of HQ that it has not answered. */
  get isQuiet(): boolean {
    return this.asked.size === 0;
  }

  private isAsked(key: RightKey): boolean {
    return [...this.asked.values()].some((asked) => asked.key === key);
  }

  line(isUp: boolean): void {
    this.isUp = isUp;
    if (isUp) {
      this.lookedAt = { basketId: '', memberId: null, keys: new Set() };
      this.look();
      void this.askAhead();
      return;
    }
    // What HQ has granted all the same comes again after the next welcome.
    for (const requestId of [...this.asked.keys()]) this.settle(requestId, 0);
  }

  // ---- ahead ----

  private tick(): void {
    this.tidy();
    void this.askAhead();
  }

  /** What the store's regulars may want with the line down, one after the other. */
  private async askAhead(): Promise<void> {
    if (this.isAhead) return;
    this.isAhead = true;
    try {
      const { usesAhead } = this.policy;
      for (const { key } of this.limitedUses(null)) await this.ahead(key, usesAhead);
      for (const memberId of this.regulars()) {
        const confirmed = this.till.catalog.memberPoints(memberId)?.confirmed ?? 0;
        await this.ahead(rightKey.points(memberId), Math.min(this.policy.aheadPointsMax, confirmed));
      }
    } finally {
      this.isAhead = false;
    }
  }

  /** Only where nothing is held: topping up each time would end with one till holding it all. */
  private async ahead(key: RightKey, wanted: number): Promise<void> {
    if (!this.isUp || wanted < 1 || this.isAsked(key) || this.till.rights.usable(key) > 0) return;
    await this.want(key, wanted, 'ahead', 1);
  }

  private regulars(): string[] {
    const { regularVisits, regularsMax } = this.policy;
    if (this.till.catalog.programme === null || regularsMax === 0) return [];
    const rows = this.db
      .prepare(
        `select member_id as id from member_stats where json_extract(data, '$.visits') >= ?
         order by json_extract(data, '$.lastDate') desc, member_id limit ?`,
      )
      .all(regularVisits, regularsMax) as { id: string }[];
    return rows.map(({ id }) => id);
  }

  /** Regulars of the store with points to spend, and those whom this till holds some for. */
  coverage(): { readonly regulars: number; readonly regularsCovered: number } {
    const { catalog, rights } = this.till;
    const withPoints = this.regulars().filter((id) => (catalog.memberPoints(id)?.confirmed ?? 0) > 0);
    const covered = withPoints.filter((id) => rights.usable(rightKey.points(id)) > 0);
    return { regulars: withPoints.length, regularsCovered: covered.length };
  }

  private get policy(): LeasePolicy {
    return this.till.catalog.store?.leases ?? DEFAULT_LEASES;
  }

  // ---- giving back ----

  private tidySoon(): void {
    this.tidying ??= setImmediate(() => {
      this.tidying = null;
      // What could not be written now is given back the next time.
      this.till.byItself('leases', () => this.tidy());
    });
  }

  /** Gives back what is over, and what customers who have left do not need here; that only while HQ hears it. */
  private tidy(): void {
    const nowMs = this.till.session.nowMs();
    const over = (lease: OpenLease) => isOver(lease, nowMs);
    this.giveBack('epoch', over);
    if (this.isUp) {
      this.giveBack(
        'left',
        (lease) => lease.purpose === 'visit' && !over(lease) && !this.isNeeded(lease.key),
      );
    }
  }

  /** Another till asks for it: all that the customer at the counter does not need. */
  recalled(key: RightKey): void {
    const line = refundOf(key);
    if (line !== null) this.giveAway(line);
    this.giveBack('recall', (lease) => lease.key === key && !this.isNeeded(key));
  }

  /** What was sold here may be paid back elsewhere, all that is left of it; nothing of it here from now on without a lease. */
  private giveAway(line: SoldLineRef): void {
    const { till } = this;
    if (till.checkout.isPaying || till.rights.isGivenAway(line)) return;
    const left = till.returns.leftOfOwn(line);
    if (left === null) return;
    const right = { leaseId: homeLeaseId(line), key: rightKey.refund(line), amount: left };
    till.commit({ kind: 'right_returned', body: { why: 'recall', rights: [right] } }, till.zone);
    till.projections.catchUp();
  }

  private giveBack(why: RightReturned['why'], which: (lease: OpenLease) => boolean): void {
    const { till } = this;
    // A tender or a price of an open payment counts on what is held: it stays until that is over.
    if (till.checkout.isPaying) return;
    const leases = till.rights.open().filter(which);
    if (leases.length === 0) return;
    const rights = leases.map(({ leaseId, key, amount, spent }) => ({
      leaseId,
      key,
      amount: amount - spent,
    }));
    till.commit({ kind: 'right_returned', body: { why, rights } }, till.zone);
    till.projections.catchUp();
    till.checkout.repriced();
  }

  private isNeeded(key: RightKey): boolean {
    const { member, coupons, basket } = this.till.checkout;
    const [kind, of = ''] = key.split(':');
    if (kind === 'coupon') return coupons.some((entry) => rightKey.coupon(codeOf(entry)) === key);
    const line = refundOf(key);
    if (line !== null) return this.covering.has(key) || this.till.returns.onLease(line) > 0;
    if (kind === 'rule' && key === rightKey.rule(of, null)) return !isEmpty(basket);
    // A card is paid with while it is asked for, and is known by nothing else.
    return kind === 'gift_card' ? !isEmpty(basket) : member !== null && key.endsWith(`:${member.id}`);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
