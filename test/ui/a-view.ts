/** Builds a till's view for tests of the screen's own logic. */
import type { PricedLine } from '../../src/core/pricing.ts';
import type { LastSale, TillView } from '../../src/till/api.ts';

export function aLine(lineNo: number, more: Partial<PricedLine> = {}): PricedLine {
  return {
    lineNo,
    sku: `A${lineNo}`,
    gtin: null,
    name: `goods ${lineNo}`,
    qty: 1,
    weightG: null,
    unitPriceMinor: 1_000,
    priceSource: 'list',
    taxCode: 'S',
    grossMinor: 1_000,
    adjustments: [],
    netMinor: 1_000,
    taxRateBp: 1_300,
    taxMinor: 115,
    ...more,
  };
}

export function aSale(saleId: string): LastSale {
  return {
    saleId,
    kind: 'sale',
    receiptNo: 'NJ01-000001',
    totalMinor: 1_000,
    payableMinor: 1_000,
    tenderedMinor: 2_000,
    changeMinor: 1_000,
    savedMinor: 0,
    print: 'queued',
  };
}

export function aView(
  more: Omit<Partial<TillView>, 'basket'> & {
    readonly basketId?: string;
    readonly lines?: readonly PricedLine[];
  } = {},
): TillView {
  const { basketId = 'b1', lines = [], ...rest } = more;
  const totalMinor = lines.reduce((sum, line) => sum + line.netMinor, 0);
  return {
    version: 1,
    atMs: 0,
    store: {
      id: 's1',
      name: 'shop',
      currency: { code: 'CNY', digits: 2, symbol: '￥' },
      notesMinor: [],
      denominationsMinor: [],
    },
    till: { code: 'NJ01', tillId: 't1', virtualDevices: false },
    cashier: { id: 'c1', name: 'Chen' },
    people: { state: 'open', roleName: null, permissions: [], discountLimitBp: 0 },
    training: false,
    readiness: { score: 100, reasons: [] },
    drill: null,
    clock: { state: 'ok', byMs: 0 },
    businessDate: '2026-11-22',
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    sync: {
      state: 'online',
      sinceMs: 0,
      unsent: 0,
      oldestUnsentAtMs: null,
      dataAsOfMs: 0,
      itemCount: 1,
      memberCount: 1,
      reason: null,
    },
    printer: { state: 'ready', queued: 0, unknown: 0, detail: null },
    scanner: { state: 'ready', detail: null },
    devices: { scale: 'none', drawerOpen: null, troubled: [], wedges: [] },
    basket: {
      id: basketId,
      lines,
      grossMinor: totalMinor,
      adjustmentMinor: 0,
      taxes: [],
      taxMode: 'inclusive',
      totalMinor,
      pieces: lines.length,
      coupons: [],
      manual: [],
      nearMisses: [],
      earnPoints: null,
    },
    member: null,
    payment: {
      dueMinor: totalMinor,
      exactDueMinor: totalMinor,
      tenderedMinor: 0,
      roundingMinor: 0,
      quickMinor: [],
      tenders: [],
      pending: null,
      kinds: ['cash'],
      points: null,
      storedValueMinor: null,
      payBack: [],
    },
    touchedLineNo: null,
    notice: null,
    lastSale: null,
    holds: [],
    shift: null,
    ...rest,
  };
}
