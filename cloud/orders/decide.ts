/**
 * From an order to a sale, or what is wrong with it.
 *
 * Pure. Lines multiply out, discounts come off, tax is the store's rule, tenders pay the total: the same sums that a till's sale
 * holds (`imbalanceOf`). Points are earned by the core's own rule on what was paid with real money.
 */
import type { Item } from '../../src/core/item.ts';
import { nameIn } from '../../src/core/item.ts';
import { mulDivHalfUp, sumMinor } from '../../src/core/money.ts';
import { type Earner, earnPoints, type Programme, pointsFor } from '../../src/core/points.ts';
import type { PricedLine } from '../../src/core/pricing.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { imbalanceOf, type Sale } from '../../src/core/sale.ts';
import { localTime } from '../../src/core/shift.ts';
import type { Store } from '../../src/core/store.ts';
import { computeTax, type TaxPolicy, type TaxTotal } from '../../src/core/tax.ts';
import type { Tender } from '../../src/core/tender.ts';
import type { OrderDraft, OrderProblem, OrderTender } from './order.ts';

export interface OrderFacts {
  /** null: there is none of that id. */
  readonly store: Store | null;
  readonly items: ReadonlyMap<string, Item>;
  /** null: nobody; undefined: somebody whom HQ does not know. */
  readonly member: (Earner & { readonly memberId: string }) | null | undefined;
  readonly programme: Programme | null;
  readonly nowMs: number;
}

/** The store's own count and names come when it is stored. */
export type OrderSale = Omit<Sale, 'receiptSeq'>;

/** A day of clocks that differ. */
const AHEAD_MS_MAX = 86_400_000;

export function saleOfOrder(
  draft: OrderDraft,
  facts: OrderFacts,
  saleId: string,
): Result<OrderSale, readonly OrderProblem[]> {
  const problems: OrderProblem[] = [];
  const wrong = (path: string, message: string) => problems.push({ path, message });
  const { store, member, programme } = facts;
  if (draft.atMs > facts.nowMs + AHEAD_MS_MAX) wrong('atMs', 'lies more than a day ahead');
  if (member === undefined) {
    const path = draft.cardNo === undefined ? 'memberId' : 'cardNo';
    wrong(path, 'HQ knows no such member; leave it out, or add the member first');
  }
  if (store === null) {
    wrong('storeId', 'there is no such store');
    return err(problems);
  }
  if (draft.currency !== store.currency.code) wrong('currency', `the store sells in ${store.currency.code}`);
  const tax: TaxPolicy = { ...store.tax, mode: draft.taxMode ?? store.tax.mode };
  const bare = draft.lines.map((line, index) => bareLine(line, index, { store, items: facts.items, wrong }));
  if (problems.length > 0) return err(problems);
  const { lines, taxes } = taxed(bare, draft, tax, wrong);
  const netMinor = sumMinor(lines.map((line) => line.netMinor));
  const taxMinor = sumMinor(lines.map((line) => line.taxMinor));
  const totalMinor = tax.mode === 'inclusive' ? netMinor : netMinor + taxMinor;
  if (draft.totalMinor !== totalMinor) {
    wrong('totalMinor', `lines and tax add up to ${totalMinor}, not to ${draft.totalMinor}`);
  }
  const paidMinor = sumMinor(draft.tenders.map((tender) => tender.amountMinor));
  if (paidMinor !== totalMinor) wrong('tenders', `they pay ${paidMinor} of ${totalMinor}`);
  for (const [index, tender] of draft.tenders.entries()) {
    tenderProblem(tender, {
      memberId: member?.memberId ?? null,
      programme,
      path: `tenders[${index}]`,
      wrong,
    });
  }
  if (problems.length > 0) return err(problems);
  const tenders = draft.tenders.map((tender) => tenderOf(tender));
  const points =
    programme === null || member == null
      ? null
      : earnPoints(programme, member, localTime(draft.atMs, store.timeZone), { lines, tenders }, tax.mode);
  const grossMinor = sumMinor(lines.map((line) => line.grossMinor));
  const sale: OrderSale = {
    id: saleId,
    kind: lines.every(({ qty }) => qty > 0)
      ? 'sale'
      : lines.every(({ qty }) => qty < 0)
        ? 'refund'
        : 'exchange',
    receiptNo: receiptNoOf(draft),
    storeId: store.id,
    currency: draft.currency,
    memberId: member?.memberId ?? null,
    rulesVersion: `channel:${draft.channel}`,
    taxMode: tax.mode,
    ...{ lines, taxes, grossMinor, adjustmentMinor: netMinor - grossMinor, taxMinor, totalMinor },
    ...{ roundingMinor: 0, tenders, changeMinor: 0, refundOf: null, points },
  };
  const imbalance = imbalanceOf({ ...sale, receiptSeq: 1 });
  return imbalance === null ? ok(sale) : err([{ path: '', message: imbalance }]);
}

/** As customers know it: the other system's own number. */
export function receiptNoOf({ channel, externalId }: Pick<OrderDraft, 'channel' | 'externalId'>): string {
  const whole = `${channel.toUpperCase()}-${externalId}`;
  return whole.length <= 64 ? whole : externalId;
}

type Wrong = (path: string, message: string) => void;
type BareLine = Omit<PricedLine, 'taxRateBp' | 'taxMinor'>;

function bareLine(
  line: OrderDraft['lines'][number],
  index: number,
  {
    store,
    items,
    wrong,
  }: { readonly store: Store; readonly items: OrderFacts['items']; readonly wrong: Wrong },
): BareLine {
  const at = `lines[${index}]`;
  const item = items.get(line.sku);
  const { sku, gtin, qty, unitPriceMinor, weightG = null } = line;
  const name = line.name ?? (item === undefined ? null : nameIn(item, store.locale));
  if (name === null) wrong(`${at}.name`, `HQ has no article ${sku}: say its name`);
  const only = store.tax.rates.length === 1 ? store.tax.rates[0]!.code : null;
  const taxCode = line.taxCode ?? item?.taxCode ?? only;
  if (taxCode === null) wrong(`${at}.taxCode`, `HQ has no article ${sku}: say its tax code`);
  else if (!store.tax.rates.some(({ code }) => code === taxCode)) {
    wrong(
      `${at}.taxCode`,
      `the store has no tax ${taxCode}: ${store.tax.rates.map(({ code }) => code).join(', ')}`,
    );
  }
  if (weightG !== null && Math.abs(qty) !== 1) wrong(`${at}.qty`, 'is 1 or -1 for weighed goods');
  const sign = qty < 0 ? -1 : 1;
  const grossMinor =
    weightG === null ? unitPriceMinor * qty : sign * mulDivHalfUp(unitPriceMinor, weightG, 1_000);
  const adjustments = line.discounts.map(({ name: what, amountMinor, couponCode }) => ({
    ruleId: couponCode === undefined ? 'channel' : `coupon:${couponCode}`,
    amountMinor: -sign * amountMinor,
    reason:
      couponCode === undefined
        ? ({ kind: 'order', name: what, rateBp: 0, offMinor: amountMinor } as const)
        : ({ kind: 'coupon', name: what, code: couponCode, offMinor: amountMinor } as const),
  }));
  const netMinor = grossMinor + sumMinor(adjustments.map(({ amountMinor }) => amountMinor));
  if (netMinor * sign < 0)
    wrong(`${at}.discounts`, `take off more than the ${Math.abs(grossMinor)} of the line`);
  if (line.netMinor !== undefined && line.netMinor !== netMinor) {
    wrong(`${at}.netMinor`, `${qty} × ${unitPriceMinor} less discounts is ${netMinor}, not ${line.netMinor}`);
  }
  return {
    ...{
      lineNo: index + 1,
      sku,
      gtin: gtin as PricedLine['gtin'],
      name: name ?? '',
      qty,
      weightG,
      unitPriceMinor,
    },
    ...{ priceSource: 'list', taxCode: taxCode ?? '', grossMinor, adjustments, netMinor },
    ...(item?.flags === undefined ? {} : { flags: item.flags }),
    ...(item?.brand === undefined ? {} : { brand: item.brand }),
    ...(item?.category === undefined ? {} : { category: item.category }),
  };
}

/** Tax by the store's rule; what the caller says instead may differ by the rounding of a line, and no more. */
function taxed(
  bare: readonly BareLine[],
  draft: OrderDraft,
  tax: TaxPolicy,
  wrong: Wrong,
): { readonly lines: readonly PricedLine[]; readonly taxes: readonly TaxTotal[] } {
  const { lineTaxMinor } = computeTax(bare, tax);
  const said = draft.lines.map(({ taxMinor }) => taxMinor);
  const saysAll = said.every((amount) => amount !== undefined);
  for (const [index, amount] of said.entries()) {
    const ours = lineTaxMinor[index]!;
    if (amount === undefined) {
      if (!saysAll && said.some((other) => other !== undefined))
        wrong(`lines[${index}].taxMinor`, 'say it on every line or on none');
    } else if (Math.abs(amount - ours) > 1)
      wrong(`lines[${index}].taxMinor`, `is ${ours} by the store’s rate, not ${amount}`);
  }
  const rates = new Map(tax.rates.map(({ code, rateBp }) => [code, rateBp]));
  const lines = bare.map(
    (line, index): PricedLine => ({
      ...line,
      taxRateBp: rates.get(line.taxCode)!,
      taxMinor: (saysAll ? said[index] : lineTaxMinor[index])!,
    }),
  );
  const taxes = [...Map.groupBy(lines, ({ taxCode }) => taxCode)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([taxCode, same]) => {
      const taxMinor = sumMinor(same.map((line) => line.taxMinor));
      const netMinor = sumMinor(same.map((line) => line.netMinor));
      return {
        taxCode,
        rateBp: rates.get(taxCode)!,
        baseMinor: tax.mode === 'inclusive' ? netMinor - taxMinor : netMinor,
        taxMinor,
      };
    });
  return { lines, taxes };
}

function tenderProblem(
  tender: OrderTender,
  at: {
    readonly memberId: string | null;
    readonly programme: Programme | null;
    readonly path: string;
    readonly wrong: Wrong;
  },
): void {
  const { memberId, programme, path, wrong } = at;
  if ((tender.kind === 'points' || tender.kind === 'stored_value') && memberId === null) {
    wrong(path, 'is a member’s: say whose');
  }
  if (tender.kind === 'stored_value' && tender.bonusMinor > tender.amountMinor) {
    wrong(`${path}.bonusMinor`, 'is a part of amountMinor');
  }
  if (tender.kind !== 'points') return;
  if (programme === null) return wrong(path, 'there is no points programme');
  const needed = pointsFor(programme.spend, tender.amountMinor);
  if (tender.points !== needed)
    wrong(`${path}.points`, `${tender.amountMinor} are paid by ${needed} points, not ${tender.points}`);
}

/** @param ofSaleId of money going back: whose payment it gives back */
export function tenderOf(tender: OrderTender, ofSaleId?: string): Tender {
  const of = ofSaleId === undefined ? {} : { ofSaleId };
  switch (tender.kind) {
    case 'card': {
      const { kind, amountMinor, ...card } = tender;
      return { kind, amountMinor, card };
    }
    case 'wallet': {
      const { kind, amountMinor, ...wallet } = tender;
      return { kind, amountMinor, wallet };
    }
    case 'voucher':
      return { ...tender, faceMinor: Math.abs(tender.amountMinor), ...of };
    case 'cash':
      return tender;
    default:
      return { ...tender, ...of };
  }
}
