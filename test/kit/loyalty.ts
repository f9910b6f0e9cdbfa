/** Sales as loyalty sees them: paid by what a test wants, given back line by line, and what HQ says of it. */
import type { JournalEntry } from '../../src/core/entry.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Tender } from '../../src/core/tender.ts';
import type { TestCloud } from './cloud.ts';
import type { RawTill } from './raw-till.ts';

export async function pushed(till: RawTill): Promise<void> {
  const link = await till.connect();
  await link.ask(till.pushOf(1));
  await link.hangUp();
  await till.cloud.books.settled();
}

export function saleAt(till: RawTill, seq: number): Sale {
  return (JSON.parse(till.chain[seq - 1]!.text) as JournalEntry & { kind: 'sale' }).body;
}

/** Points that a sale earned on its first line. */
export function earning(sale: Sale, points: number): Sale {
  const byLine = sale.lines.map((_, index) => (index === 0 ? points : 0));
  return { ...sale, points: { programme: 'lots-1', earned: points, byLine } };
}

/** Paid by these, the rest in cash. */
export function paidBy(sale: Sale, tenders: readonly Tender[]): Sale {
  const rest = sale.totalMinor - tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const cash: Tender[] = rest === 0 ? [] : [{ kind: 'cash', amountMinor: rest }];
  return { ...sale, tenders: [...tenders, ...cash], changeMinor: 0, roundingMinor: 0 };
}

/** All lines of a sale coming back in another; `tenders` are what goes out beside cash. */
export function backOf(sold: Sale, like: Sale, tenders: readonly Tender[] = []): Sale {
  const minus = (value: number) => (value === 0 ? 0 : -value);
  const byLine = sold.lines.map((_, index) => minus(sold.points?.byLine[index] ?? 0));
  return paidBy(
    {
      ...like,
      kind: 'refund',
      memberId: null,
      refundOf: { saleId: sold.id, receiptNo: sold.receiptNo },
      lines: sold.lines.map((line, index) => ({
        ...line,
        qty: minus(line.qty),
        grossMinor: minus(line.grossMinor),
        netMinor: minus(line.netMinor),
        taxMinor: minus(line.taxMinor),
        adjustments: line.adjustments.map((one) => ({
          ...one,
          amountMinor: minus(one.amountMinor),
          reason: { kind: 'returned', receiptNo: sold.receiptNo },
        })),
        back: {
          saleId: sold.id,
          receiptNo: sold.receiptNo,
          lineNo: line.lineNo,
          grossMinor: minus(line.grossMinor),
          netMinor: minus(line.netMinor),
          taxRateBp: line.taxRateBp,
          taxMinor: minus(line.taxMinor),
          points: byLine[index]!,
          taxMode: sold.taxMode,
        },
      })),
      taxes: sold.taxes.map((tax) => ({
        ...tax,
        baseMinor: minus(tax.baseMinor),
        taxMinor: minus(tax.taxMinor),
      })),
      grossMinor: minus(sold.grossMinor),
      adjustmentMinor: minus(sold.adjustmentMinor),
      taxMinor: minus(sold.taxMinor),
      totalMinor: minus(sold.totalMinor),
      points: { programme: 'lots-1', earned: byLine.reduce((sum, n) => sum + n, 0), byLine },
    } as Sale,
    tenders,
  );
}

/** A coupon took `offMinor` off the first line. */
export function couponed(sale: Sale, code: string, offMinor: number): Sale {
  const [line, ...rest] = sale.lines;
  const netMinor = line!.netMinor - offMinor;
  const taxMinor = netMinor - Math.round((netMinor * 10_000) / (10_000 + line!.taxRateBp));
  const lines = [
    {
      ...line!,
      netMinor,
      taxMinor,
      adjustments: [
        {
          ruleId: 'cp.X',
          amountMinor: -offMinor,
          reason: { kind: 'coupon', name: 'x', code, offMinor } as const,
        },
      ],
    },
    ...rest,
  ];
  const sum = (of: (one: Sale['lines'][number]) => number) =>
    lines.reduce((total, one) => total + of(one), 0);
  const taxes = [...Map.groupBy(lines, (one) => `${one.taxCode}/${one.taxRateBp}`).values()].map((group) => ({
    taxCode: group[0]!.taxCode,
    rateBp: group[0]!.taxRateBp,
    baseMinor: group.reduce((total, one) => total + one.netMinor - one.taxMinor, 0),
    taxMinor: group.reduce((total, one) => total + one.taxMinor, 0),
  }));
  return paidBy(
    {
      ...sale,
      lines,
      taxes,
      adjustmentMinor: -offMinor,
      taxMinor: sum((one) => one.taxMinor),
      totalMinor: sum((one) => one.netMinor),
    },
    [],
  );
}

export async function addMember(cloud: TestCloud, id: string, tierId = 'member'): Promise<string> {
  await cloud.client.put('/api/v1/members', {
    members: [{ id, cardNo: `X-${id}`, name: '点点', phone: null, tierId }],
  });
  return id;
}

export async function balanceOf(cloud: TestCloud, memberId: string): Promise<Record<string, number>> {
  return (await cloud.client.get(`/api/v1/members/${memberId}/balance`)) as Record<string, number>;
}

/** Kinds of alerts of a sale about its books; those of leases, which a bare till has none of, are tested with the leases. */
export async function alertsOf(cloud: TestCloud, saleId: string): Promise<string[]> {
  const rows = await cloud.db.query<{ kind: string }>(
    'select kind from sale_alert where sale_id = $1 order by kind',
    [saleId],
  );
  return rows
    .map(({ kind }) => kind)
    .filter((kind) => !/^(?:rules_unknown|price_differs|overspent_right)$/.test(kind));
}
