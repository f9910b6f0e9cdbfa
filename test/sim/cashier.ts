/**
 * The person at a till: rings up baskets, pays, takes goods back, opens and closes shifts, and does not give up when the
 * machine dies in the middle: looks whether the sale is there, and rings it up again when it is not.
 */
import { receiptQr } from '../../src/core/receipt-token.ts';
import type { TenderAsk, TillView } from '../../src/till/api.ts';
import type { Dice } from './dice.ts';
import { Actor } from './scheduler.ts';
import type { SimTill } from './sim-till.ts';
import type { Trace } from './trace.ts';
import { CARDS, COUPONS, WORLD } from './world.ts';

/** What the person knows of a payment: asked for, seen to be done, or given up for good. */
export type Known = 'asked' | 'done' | 'gone';

/** Numbers that nobody may keep: each is typed where a code is wanted. */
export const SECRETS = ['4111111111111111', '5500005555555559', '134567890123456789', '286543210987654321'];

export interface Ledger {
  /** By basket, which is the sale's id. */
  readonly sales: Map<string, Known>;
  /** Live codes of wallets that were shown: nobody may keep one. */
  readonly payCodes: string[];
  /** Receipts that customers carry from till to till. */
  readonly receipts: { readonly till: string; readonly saleId: string; readonly qr: string }[];
}

export class Cashier {
  readonly actor: Actor;
  private readonly at: SimTill;
  private readonly dice: Dice;
  /** Of customers with wallets; of those who do not pay by right or in cash so many percent have one. */
  private readonly phones: { readonly dice: Dice; readonly percent: number };
  private readonly trace: Trace;
  private readonly ledger: Ledger;
  /** The basket whose payment was asked for and of which nothing was heard. */
  private unsure: string | null = null;
  private enrolled = 0;
  busy = true;

  constructor(at: SimTill, dice: Dice, ledger: Ledger) {
    this.at = at;
    this.dice = dice;
    const phones = dice.of('wallets');
    this.phones = { dice: phones, percent: phones.pick([0, 60]) };
    this.trace = at.parts.trace;
    this.ledger = ledger;
    this.actor = new Actor(`cashier ${at.name}`);
  }

  work(): void {
    const { time } = this.at.parts;
    time.after(this.dice.int(100, 4_000), this.actor, async () => {
      if (this.at.isUp && this.at.till!.catalog.store !== null) await this.stepWhileAlive();
      this.work();
    });
  }

  /** Whether nothing is half done. */
  get isSettled(): boolean {
    return this.unsure === null && this.at.isUp;
  }

  /** A machine that dies in the middle answers no more: nobody waits for it. */
  private async stepWhileAlive(): Promise<void> {
    const { actor } = this.at;
    const { time } = this.at.parts;
    let over = false;
    const step = this.step().finally(() => {
      over = true;
    });
    const dead = async () => {
      while (!over && actor.alive) await time.pause(1_000, this.actor);
    };
    await Promise.race([step, dead()]);
  }

  async step(): Promise<void> {
    const { actor } = this.at;
    const { counter } = this.at;
    if (counter === null) return;
    try {
      // What a person does is done in the till's own process.
      await this.at.parts.time.as(actor, () => this.act());
    } catch (cause) {
      if (actor.alive) this.say(`refused ${(cause as Error).message}`);
    }
  }

  private async act(): Promise<void> {
    const view = this.at.counter!.view();
    if (view.payment.pending !== null) return this.waitForTerminal(view);
    if (this.unsure !== null) return this.lookAgain(view);
    if (!this.busy && view.basket.lines.length === 0) return;
    if (view.basket.lines.length > 0) return this.dice.chance(75) ? this.pay(view) : this.more();
    const roll = this.dice.int(1, 100);
    if (roll <= 62) return this.ringUp(view);
    if (roll <= 76) return this.takeBack();
    if (roll <= 80) return this.takeBackForeign();
    if (roll <= 88) return this.drawer(view);
    if (roll <= 91) return this.join();
    if (roll <= 94) return this.secret();
    if (roll <= 97) return this.holds(view);
    return this.reprint();
  }

  // ---- selling ----

  private async ringUp(view: TillView): Promise<void> {
    const { api } = this.at.counter!;
    if (view.member === null && this.dice.chance(55)) {
      const hits = await api.searchMembers({ text: this.dice.pick(WORLD.members).cardNo, limit: 3 });
      if (hits[0] !== undefined) await api.setMember({ memberId: hits[0].id });
    }
    for (let n = this.dice.int(1, 4); n > 0; n--) await this.addSomething();
    if (this.dice.chance(12)) await api.addCoupon({ code: 'CP-AUTUMN10' });
    // Shown at more than one till: the customer tries.
    if (this.dice.chance(15)) await api.addCoupon({ code: this.dice.pick(COUPONS) });
    if (this.dice.chance(10))
      await api.setDiscount({ lineNo: null, off: { rateBp: this.dice.int(1, 20) * 100 } });
    this.say(`rang up ${this.at.counter!.view().basket.totalMinor}`);
  }

  private async addSomething(): Promise<void> {
    const { api } = this.at.counter!;
    const item = this.dice.pick(WORLD.items);
    const qty = this.dice.int(1, 3);
    if (item.priceMinor === null) {
      await api.addItem({ sku: item.sku, qty: 1, unitPriceMinor: this.dice.int(100, 5_000) });
    } else if (item.unit === 'kg') {
      await api.addItem({ sku: item.sku, qty: 1, weightG: this.dice.int(80, 2_500) });
    } else await api.addItem({ sku: item.sku, qty });
  }

  private async more(): Promise<void> {
    const { api } = this.at.counter!;
    const { lines } = this.at.counter!.view().basket;
    const line = this.dice.pick(lines);
    if (this.dice.chance(30)) await api.voidLine({ lineNo: line.lineNo });
    else if (this.dice.chance(15)) await api.clearBasket({});
    else await this.addSomething();
  }

  /** The customer stands at the terminal; now and then somebody loses patience. */
  private async waitForTerminal({ payment }: TillView): Promise<void> {
    // The till went down before the code was read, or could not read it.
    if (payment.pending?.state === 'code') return this.showCode();
    if (!this.busy || !this.dice.chance(12)) return;
    this.say('breaks the payment off');
    await this.at.counter!.api.cancelPending({});
  }

  private async pay(view: TillView): Promise<void> {
    const { id, totalMinor } = view.basket;
    if (this.busy && view.payment.tenders.length > 0 && this.dice.chance(10)) {
      this.say('takes back what was tendered');
      await this.at.counter!.api.clearTenders({});
      return;
    }
    const { api } = this.at.counter!;
    const { actor } = this.at;
    if (this.ledger.sales.get(id) !== 'done') this.ledger.sales.set(id, 'asked');
    this.unsure = id;
    let settled = false;
    try {
      if (totalMinor < 0) {
        const { id: tenderId } = await api.newId({});
        ({ settled } = await api.payBack({ basketId: id, totalMinor, tenderId, to: 'original' }));
      } else {
        settled = await this.payByRight(id);
        if (!settled && actor.alive && this.dice.chance(35) && this.isDue)
          return await this.payAway(id, totalMinor);
        if (!settled && actor.alive) settled = await this.payRest(id, totalMinor);
      }
    } finally {
      // A dead machine has answered nothing. A refusal is an answer: nothing was sold.
      // A terminal that is asked has not answered yet.
      const isAsked = actor.alive && this.at.counter?.view().payment.pending != null;
      if (actor.alive && !isAsked) this.unsure = null;
    }
    if (!actor.alive || !settled) return;
    this.done(id);
    // A finger that slips: said twice it is one sale.
    if (this.dice.chance(10)) await api.payCash({ basketId: id, amountMinor: 1 });
  }

  private async payRest(basketId: string, totalMinor: number): Promise<boolean> {
    const { dueMinor } = this.at.counter!.view().payment;
    const amountMinor = this.dice.chance(30) ? dueMinor + this.dice.int(1, 50) * 10 : dueMinor;
    return (await this.at.counter!.api.payCash({ basketId, amountMinor, totalMinor })).settled;
  }

  private get isDue(): boolean {
    return this.at.counter!.view().payment.exactDueMinor > 0;
  }

  /** All that is left, or a part of it; what came of it is seen later. */
  private async payAway(basketId: string, totalMinor: number): Promise<void> {
    const { api } = this.at.counter!;
    const { exactDueMinor } = this.at.counter!.view().payment;
    const amountMinor = this.dice.chance(80) ? exactDueMinor : this.dice.int(1, Math.max(1, exactDueMinor));
    const { id: tenderId } = await api.newId({});
    const { dice, percent } = this.phones;
    const kind = dice.chance(percent) ? 'wallet' : 'card';
    // Shown at once, or when the till asks for it.
    const isLater = kind === 'wallet' && dice.chance(30);
    const tender: TenderAsk =
      kind === 'card' || isLater ? { kind, amountMinor } : { kind, amountMinor, code: this.payCode() };
    await api.pay({ basketId, totalMinor, tenderId, tender });
    this.say(`${kind} asked for ${amountMinor}`);
    if (isLater) await this.showCode();
  }

  private async showCode(): Promise<void> {
    await this.at.counter!.api.enter({ text: this.payCode() });
  }

  /** Of any wallet; now and then a picture of the last one, which has been used. */
  private payCode(): string {
    const { dice } = this.phones;
    const { payCodes } = this.ledger;
    const last = payCodes.at(-1);
    if (last !== undefined && dice.chance(8)) return last;
    const digits = (count: number) => Array.from({ length: count }, () => dice.int(0, 9)).join('');
    const code = dice.pick([() => `13${digits(16)}`, () => `28${digits(16)}`, () => `62${digits(17)}`])();
    payCodes.push(code);
    return code;
  }

  /** Points, stored value, a gift card: as much as the till lets, or more, which it refuses. @returns whether all is paid */
  private async payByRight(basketId: string): Promise<boolean> {
    if (this.dice.chance(55)) return false;
    const { payment, basket, member } = this.at.counter!.view();
    const most = Math.max(1, Math.min(payment.exactDueMinor, 9_000));
    const amountMinor = this.dice.int(1, most);
    const kind = this.dice.pick(['points', 'stored_value', 'gift_card'] as const);
    const tender: TenderAsk =
      kind === 'points'
        ? { kind, points: 100 * this.dice.int(1, 3) }
        : kind === 'gift_card'
          ? { kind, amountMinor, code: this.dice.pick(CARDS) }
          : { kind, amountMinor };
    if (kind !== 'gift_card' && member === null) return false;
    const { api } = this.at.counter!;
    try {
      const { id: tenderId } = await api.newId({});
      const paid = await api.pay({ basketId, totalMinor: basket.totalMinor, tenderId, tender });
      this.say(`paid ${kind} ${'points' in tender ? tender.points : tender.amountMinor}`);
      return paid.settled;
    } catch (cause) {
      // Not held here: cash it is.
      if (this.at.actor.alive) this.say(`refused ${kind}: ${(cause as Error).message}`);
      return false;
    }
  }

  private done(saleId: string): void {
    this.ledger.sales.set(saleId, 'done');
    const { till } = this.at;
    const found = till!.projections.saleById(saleId);
    const appended = found === null ? null : till!.journal.at(found.seq);
    this.trace.check('settled is in the journal', appended?.entry.kind === 'sale', () => saleId);
    if (appended?.entry.kind !== 'sale') return;
    const { body, businessDate } = appended.entry;
    this.say(`sold ${body.receiptNo} ${body.totalMinor} ${appended.hash.slice(0, 12)}`);
    const qr = receiptQr(body, businessDate, till!.returns.sign);
    if (qr !== null) this.ledger.receipts.push({ till: this.at.name, saleId, qr: qr.text });
  }

  /** The machine is back: is the sale there, is the basket there, or is it all to be done again? */
  private async lookAgain(view: TillView): Promise<void> {
    const saleId = this.unsure!;
    const recent = await this.at.counter!.api.recentSales({ limit: 3 });
    this.unsure = null;
    if (recent.some((sale) => sale.saleId === saleId)) {
      this.say('it was sold');
      this.done(saleId);
    } else if (view.basket.id === saleId) {
      this.say('it is still on the counter');
      return this.pay(view);
    } else {
      this.say('it is gone, once more');
      this.ledger.sales.set(saleId, 'gone');
      if (view.basket.lines.length === 0) return this.ringUp(view);
    }
  }

  // ---- goods that come back ----

  private async takeBack(): Promise<void> {
    const { api } = this.at.counter!;
    const sales = await api.recentSales({ limit: 8 });
    const sale = sales.length === 0 ? null : this.dice.pick(sales);
    if (sale === null) return;
    const left = sale.returnable.filter(({ qtyLeft }) => qtyLeft > 0);
    if (left.length === 0) return;
    const line = this.dice.pick(left);
    const qty = this.dice.chance(50) ? line.qtyLeft : 1;
    await api.returnLines({ receipt: sale.receiptNo, lines: [{ lineNo: line.lineNo, qty }] });
    if (this.dice.chance(25)) await this.addSomething();
    this.say(`takes back ${sale.receiptNo}/${line.lineNo} x${qty}`);
  }

  /** By the QR of a receipt, most often of another till. */
  private async takeBackForeign(): Promise<void> {
    if (this.ledger.receipts.length === 0) return;
    const { api } = this.at.counter!;
    const receipt = this.dice.pick(this.ledger.receipts);
    const card = await api.findSale({ receiptNo: receipt.qr });
    const line = card.returnable.find(({ qtyLeft }) => qtyLeft > 0);
    if (line === undefined) return;
    await api.returnLines({ receipt: receipt.qr, lines: [{ lineNo: line.lineNo, qty: 1 }] });
    this.say(`takes back ${card.receiptNo}/${line.lineNo} of ${receipt.till}`);
  }

  // ---- the rest of the day ----

  private async drawer(view: TillView): Promise<void> {
    const { api } = this.at.counter!;
    if (view.shift === null) {
      await api.openShift({ floatMinor: 50_000 });
      this.say('opened a shift');
    } else if (this.dice.chance(35)) {
      const { shiftId } = view.shift;
      const counted = [{ valueMinor: 10_000, count: this.dice.int(0, 9) }];
      await api.closeShift({ shiftId, counted });
      // Said twice it is one Z.
      await api.closeShift({ shiftId, counted });
      this.say('closed the shift');
    } else {
      const kind = this.dice.pick(['paid_in', 'paid_out', 'drop'] as const);
      await api.moveCash({ kind, amountMinor: this.dice.int(1, 50) * 100, reason: 'sim' });
    }
  }

  private async join(): Promise<void> {
    const { api } = this.at.counter!;
    const { id: memberId } = await api.newId({});
    const { textVersion, purposes } = await api.consentText({});
    const no = String(this.dice.int(0, 99)).padStart(4, '0');
    await api.enrolMember({
      memberId,
      name: `Sim ${this.at.name} ${++this.enrolled}`,
      phone: `1390000${no}`,
      consents: purposes.map(({ purpose }) => ({ purpose, granted: true })),
      textVersion,
    });
    this.say('somebody joined');
  }

  private async secret(): Promise<void> {
    await this.at.counter!.api.enter({ text: this.dice.pick(SECRETS) });
  }

  private async holds(view: TillView): Promise<void> {
    const { api } = this.at.counter!;
    const [hold] = view.holds;
    if (hold !== undefined) await api.recall({ holdId: hold.holdId });
    else {
      await this.ringUp(view);
      await api.hold({ label: 'sim', print: this.dice.chance(50) });
    }
  }

  private async reprint(): Promise<void> {
    const { api } = this.at.counter!;
    const [sale] = await api.recentSales({ limit: 1 });
    if (sale !== undefined) await api.reprint({ saleId: sale.saleId });
  }

  private say(what: string): void {
    // A refusal may name the folder, which is another one in each run.
    this.trace.say(this.at.parts.time.nowMs, this.at.name, what.replaceAll(this.at.disk.folder, ''));
  }
}
