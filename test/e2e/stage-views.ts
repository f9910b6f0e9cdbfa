/**
 * What the stage shows: a shop's afternoon as builder views, with every odd state beside the ordinary one.
 */
import { PERMISSIONS } from '../../src/core/people.ts';
import type { Adjustment } from '../../src/core/promotion.ts';
import type { Readiness } from '../../src/core/readiness.ts';
import type {
  ConsentText,
  DeviceBoard,
  DrillReport,
  ItemHit,
  MemberHit,
  MemberView,
  PaymentView,
  SaleCard,
  StaffCard,
  StoreMember,
  StorePage,
  TillView,
} from '../../src/till/api.ts';
import { aLine, aView } from '../ui/a-view.ts';

export const NOW_MS = Date.parse('2026-11-22T16:41:00+08:00');

/** A till that would not do well with the line down: 45 of 100. */
export const LACKING: Readiness = {
  score: 45,
  reasons: [
    { kind: 'printer', points: 20 },
    { kind: 'leases_missing', points: 20 },
    { kind: 'catalogue_old', points: 15 },
  ],
};

/** A quarter of an hour without the line. */
export const DRILLED: DrillReport = {
  startedAtMs: NOW_MS - 900_000,
  endedAtMs: NOW_MS,
  promised: { score: 80, reasons: [{ kind: 'leases_missing', points: 20 }] },
  sales: 12,
  totalMinor: 184_620,
  byRights: 3,
  refusedRights: 1,
  slipsWaiting: 0,
  keptItsWord: true,
};

function off(ruleId: string, amountMinor: number, reason: Adjustment['reason']): Adjustment {
  return { ruleId, amountMinor, reason };
}

const TIER = { kind: 'tier', tierId: 'gold', tierName: '金卡', rateBp: 1_000 } as const;

export const LINES = [
  aLine(1, {
    sku: 'T1001',
    name: '洁丽雅纯棉毛巾 素色',
    qty: 2,
    unitPriceMinor: 1_500,
    grossMinor: 3_000,
    adjustments: [off('tier', -300, TIER)],
    netMinor: 2_700,
  }),
  aLine(2, {
    sku: 'M2001',
    name: '光明鲜牛奶 950 mL',
    qty: 2,
    unitPriceMinor: 1_490,
    grossMinor: 2_980,
    adjustments: [off('half', -745, { kind: 'percent_off', name: '第 2 件半价', rateBp: 5_000 })],
    netMinor: 2_235,
  }),
  aLine(3, {
    sku: 'V7001',
    name: '红富士苹果',
    weightG: 842,
    unitPriceMinor: 1_280,
    grossMinor: 1_078,
    netMinor: 1_078,
  }),
  aLine(4, {
    sku: 'C3001',
    name: '雅漾舒护活泉喷雾 300 mL',
    unitPriceMinor: 14_800,
    grossMinor: 14_800,
    adjustments: [
      off('t200', -1_204, {
        kind: 'threshold',
        name: '护肤满 200 减 20',
        by: 'amount',
        from: 20_000,
        offMinor: 2_000,
      }),
      off('manual:line', -500, { kind: 'manual', scope: 'line', offMinor: 500, approvalId: 'a1' }),
    ],
    netMinor: 13_096,
  }),
  aLine(5, {
    sku: 'C3002',
    name: '理肤泉 B5 修复霜 40 mL',
    unitPriceMinor: 9_800,
    grossMinor: 9_800,
    adjustments: [
      off('t200', -796, {
        kind: 'threshold',
        name: '护肤满 200 减 20',
        by: 'amount',
        from: 20_000,
        offMinor: 2_000,
      }),
    ],
    netMinor: 9_004,
  }),
] as const;

export const BACK = aLine(6, {
  sku: 'T1001',
  name: '洁丽雅纯棉毛巾 素色',
  qty: -1,
  unitPriceMinor: 1_500,
  grossMinor: -1_500,
  adjustments: [off('returned', 150, { kind: 'returned', receiptNo: 'NJ01-000123' })],
  netMinor: -1_350,
  back: {
    saleId: 's1',
    receiptNo: 'NJ01-000123',
    lineNo: 2,
    grossMinor: -1_500,
    netMinor: -1_350,
    taxRateBp: 1_300,
    taxMinor: -155,
    taxMode: 'inclusive',
    points: -13,
  },
});

const ITEM: ItemHit = {
  sku: 'C3003',
  name: '雅漾修护洁面乳 200 mL',
  gtin: null,
  unit: 'each',
  priceMinor: 12_800,
};

export const MEMBER: MemberView = {
  id: 'm1',
  name: '林小美',
  cardNo: '2900000000016',
  phoneTail: '6021',
  tierName: '金卡',
  tierDiscountBp: 1_000,
  birthday: '1990-11-25',
  birthdayNear: 'soon',
  tags: ['敏感肌', '偏好套组'],
  provisional: false,
  points: { confirmed: 2_480, confirmedAtMs: NOW_MS - 9_540_000, usable: 1_200, pending: 286 },
  storedValue: { usableMinor: 20_000 },
  visits: 14,
  lastVisit: '2026-11-02',
  lastPurchases: [
    { date: '2026-11-02', totalMinor: 24_800, items: ['雅漾喷雾 300 mL', '化妆棉 120 片'] },
    { date: '2026-10-14', totalMinor: 9_800, items: ['B5 修复霜 40 mL'] },
    { date: '2026-09-30', totalMinor: 51_260, items: ['洁面乳', '面霜', '毛巾礼盒'] },
  ],
  suggestions: [ITEM, { ...ITEM, sku: 'C3004', name: '理肤泉清痘净肤套组', priceMinor: 26_900 }],
};

const DUE: PaymentView = {
  dueMinor: 28_110,
  exactDueMinor: 28_113,
  tenderedMinor: 0,
  roundingMinor: -3,
  quickMinor: [28_110, 29_000, 30_000, 50_000],
  tenders: [],
  pending: null,
  kinds: ['cash', 'card', 'wallet', 'points', 'stored_value', 'gift_card', 'voucher'],
  points: {
    usable: 1_200,
    maxPoints: 1_200,
    maxWorthMinor: 1_200,
    stepPoints: 100,
    rate: { points: 100, worthMinor: 100 },
  },
  storedValueMinor: 20_000,
  payBack: [],
};

const STORE: TillView['store'] = {
  id: 'S01',
  name: '南京西路店',
  currency: { code: 'CNY', digits: 2, symbol: '￥' },
  notesMinor: [1_000, 2_000, 5_000, 10_000],
  denominationsMinor: [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10],
};

export function aShop(more: Parameters<typeof aView>[0] = {}): TillView {
  return aView({
    atMs: NOW_MS,
    store: STORE,
    cashier: { id: '101', name: '陈静' },
    people: {
      state: 'signed_on',
      roleName: '收银员',
      permissions: ['sell', 'void_line'],
      discountLimitBp: 500,
    },
    sync: {
      state: 'offline',
      sinceMs: NOW_MS - 720_000,
      unsent: 7,
      oldestUnsentAtMs: NOW_MS - 700_000,
      dataAsOfMs: NOW_MS - 9_540_000,
      itemCount: 412,
      memberCount: 400_000,
      reason: 'unreachable',
    },
    ...more,
  });
}

export function selling(more: Parameters<typeof aView>[0] = {}): TillView {
  const view = aShop({ lines: LINES, member: MEMBER, payment: DUE, touchedLineNo: 5, ...more });
  return {
    ...view,
    basket: {
      ...view.basket,
      grossMinor: 31_658,
      adjustmentMinor: -3_545,
      totalMinor: 28_113,
      pieces: 7,
      earnPoints: 281,
      taxes: [{ taxCode: 'S', rateBp: 1_300, baseMinor: 24_879, taxMinor: 3_234 }],
      coupons: [
        { code: 'MIN300', ruleId: 'c1', kind: 'below_minimum', missingMinor: 1_887 },
        { code: 'GIFT7', ruleId: 'c2', kind: 'applied', offMinor: 700 },
      ],
      manual: [{ lineNo: 4, kind: 'applied', offMinor: 500 }],
      nearMisses: [
        { ruleId: 'n1', name: '满 320 减 30', kind: 'amount', missingMinor: 1_387, gainMinor: 1_000 },
        { ruleId: 'n2', name: '牛奶 3 件 40', kind: 'quantity', missingQty: 1, gainMinor: 470 },
        { ruleId: 'n3', name: '满 200 送洗漱包', kind: 'gift', sku: 'G1', missingQty: 1, gainMinor: 0 },
      ],
    },
  };
}

export function payment(more: Partial<PaymentView>): PaymentView {
  return { ...DUE, ...more };
}

export const EXCHANGE = (): TillView => {
  const view = selling();
  return {
    ...view,
    basket: { ...view.basket, lines: [...LINES, BACK] },
    payment: payment({ dueMinor: 26_760, exactDueMinor: 26_763 }),
  };
};

export const REFUND = (): TillView => {
  const view = aShop({ lines: [BACK], touchedLineNo: 6, member: MEMBER });
  return {
    ...view,
    payment: payment({
      dueMinor: -1_350,
      exactDueMinor: -1_350,
      quickMinor: [],
      payBack: [
        {
          kind: 'card',
          amountMinor: 1_000,
          card: { token: 't', approval: 'a', brand: 'UnionPay', last4: '4242' },
        },
        { kind: 'cash', amountMinor: 350, card: null },
      ],
    }),
  };
};

export const STAFF: readonly StaffCard[] = [
  { id: '101', name: '陈静', roleName: '收银员', permissions: ['sell'], lockedUntilMs: null },
  { id: '102', name: '王晓明', roleName: '收银员', permissions: ['sell'], lockedUntilMs: NOW_MS + 245_000 },
  {
    id: '201',
    name: '赵领班',
    roleName: '领班',
    permissions: ['sell', 'void_sale', 'no_sale'],
    lockedUntilMs: null,
  },
  { id: '301', name: '孙店长', roleName: '店长', permissions: PERMISSIONS, lockedUntilMs: null },
];

export const HITS: readonly MemberHit[] = ['林小美', '林晓梅', '林小妹', '凌晓玫'].map((name, at) => ({
  id: `m${at}`,
  name,
  cardNo: `290000000001${at}`,
  phoneTail: `602${at}`,
  tierName: at === 0 ? '金卡' : '普通',
}));

export const ITEMS: readonly ItemHit[] = [ITEM];

export const CONSENT: ConsentText = {
  textVersion: '2026-01',
  purposes: [
    {
      purpose: 'membership',
      text: '同意保存姓名、手机号和购买记录，用来积分和提供会员优惠。可随时在任一门店要求删除。',
      needed: true,
    },
    { purpose: 'marketing', text: '愿意收到优惠短信，可随时退订。', needed: false },
  ],
};

export const SOLD: SaleCard = {
  saleId: 's1',
  kind: 'sale',
  receiptNo: 'NJ01-000123',
  atMs: NOW_MS - 86_400_000,
  totalMinor: 17_395,
  refundMinor: 17_400,
  pieces: 6,
  memberName: '林小美',
  lines: LINES,
  returnable: [
    { lineNo: 1, name: '洁丽雅纯棉毛巾 素色', qtySold: 3, qtyLeft: 2, unitNetsMinor: [1_350, 1_350] },
    { lineNo: 2, name: '光明鲜牛奶 950 mL', qtySold: 2, qtyLeft: 2, unitNetsMinor: [1_118, 1_117] },
    { lineNo: 4, name: '雅漾舒护活泉喷雾 300 mL', qtySold: 1, qtyLeft: 0, unitNetsMinor: [] },
  ],
  from: 'token',
  refundedBy: null,
  synced: true,
};

function member(at: number, name: string, netMinor: number): StoreMember {
  return {
    memberId: `m${at}`,
    name,
    tierName: at < 2 ? '金卡' : '银卡',
    visits: 20 - at,
    netMinor,
    lastDate: `2026-0${9 - at}-12`,
  };
}

export const STORE_PAGE: StorePage = {
  asOfMs: NOW_MS,
  othersAsOfMs: NOW_MS - 9_540_000,
  grid: {
    rows: ['active', 'silent', 'sleeping', 'lost'],
    columns: ['new', 'second', 'old', 'fan'],
    counts: [
      [284, 218, 321, 182],
      [339, 241, 204, 91],
      [612, 382, 261, 73],
      [425, 298, 152, 0],
    ],
    netMinor: [
      [110_000, 92_000, 183_000, 221_000],
      [46_000, 50_000, 80_000, 62_000],
      [25_000, 33_000, 41_000, 24_000],
      [8_000, 8_000, 11_000, 0],
    ],
  },
  buyers: 4_083,
  topShareBp: 6_214,
  topMembers: [member(0, '林小美', 812_600), member(1, '周丽华', 640_050), member(2, '吴桂芳', 512_300)],
  atRisk: [member(3, '郑海燕', 286_000), member(4, '冯秀英', 190_800)],
  birthdays: [
    { ...member(0, '林小美', 812_600), birthday: '11-25' },
    { ...member(5, '许文静', 64_000), birthday: '11-27' },
  ],
  today: {
    businessDate: '2026-11-22',
    netMinor: 1_284_327,
    tickets: 94,
    pieces: 221,
    newMinor: 180_400,
    returningMinor: 640_027,
    noMemberMinor: 463_900,
    refundMinor: -12_350,
    hours: [9, 10, 11, 12, 13, 14, 15, 16].map((hour, at) => ({
      hour,
      tickets: 5 + at,
      netMinor: [42_000, 88_000, 132_500, 220_000, 268_000, 190_000, 210_827, 133_000][at]!,
    })),
    cashiers: [
      {
        id: '101',
        name: '陈静',
        tickets: 52,
        pieces: 120,
        netMinor: 702_300,
        refunds: 1,
        discountMinor: -32_000,
      },
      {
        id: '102',
        name: '王晓明',
        tickets: 42,
        pieces: 101,
        netMinor: 582_027,
        refunds: 0,
        discountMinor: -18_500,
      },
    ],
  },
  zReports: [
    {
      tillCode: 'NJ01',
      zNo: 41,
      businessDate: '2026-11-21',
      closedAtMs: NOW_MS - 70_000_000,
      totalMinor: 1_940_200,
      differenceMinor: 0,
    },
    {
      tillCode: 'NJ02',
      zNo: 38,
      businessDate: '2026-11-21',
      closedAtMs: NOW_MS - 70_400_000,
      totalMinor: 1_210_050,
      differenceMinor: -500,
    },
    {
      tillCode: 'NJ01',
      zNo: 40,
      businessDate: '2026-11-20',
      closedAtMs: NOW_MS - 156_000_000,
      totalMinor: 1_710_880,
      differenceMinor: 1_000,
    },
  ],
};

/** A scanner that works, a printer without paper, a scale that is gone, and things plugged in. */
export const DEVICE_BOARD: DeviceBoard = {
  settings: {
    scanners: [
      { address: 'hid:/dev/hidraw1', prefix: '', suffix: 'line' },
      { address: 'serial:/dev/ttyUSB0@9600', prefix: '', suffix: 'line' },
    ],
    printer: { address: 'tcp:192.168.1.9:9100', profile: 'epson-80-gb18030', encoding: null, columns: null },
    drawer: { pin: null, openLevel: 'high' },
    scale: { address: 'serial:/dev/ttyUSB1@9600,7e1', protocol: 'toledo-8217', unit: 'kg' },
    display: { address: 'virtual', language: 'escpos', columns: 20, encoding: 'gbk' },
    customerScreen: { payQr: '' },
    terminal: { address: 'none' },
  },
  problem: null,
  cards: [
    { role: 'scanner', index: 0, state: 'ready', detail: null, words: null, fixed: false },
    { role: 'scanner', index: 1, state: 'ready', detail: null, words: null, fixed: false },
    { role: 'printer', index: 0, state: 'stopped', detail: 'paper_end', words: null, fixed: false },
    { role: 'drawer', index: 0, state: 'ready', detail: null, words: null, fixed: false },
    {
      role: 'scale',
      index: 0,
      state: 'absent',
      detail: 'not_found',
      words: '/dev/ttyUSB1 is not there',
      fixed: false,
    },
    { role: 'display', index: 0, state: 'ready', detail: null, words: null, fixed: true },
    { role: 'customer_screen', index: 0, state: 'none', detail: null, words: null, fixed: false },
    { role: 'terminal', index: 0, state: 'none', detail: null, words: null, fixed: false },
  ],
  found: [
    {
      address: 'hid:/dev/hidraw1',
      name: 'Honeywell Voyager 1450g',
      suits: ['scanner'],
      usedBy: 'scanner',
    },
    {
      address: 'serial:/dev/ttyUSB0@9600',
      name: 'Prolific USB-Serial Controller',
      suits: ['scanner', 'printer', 'scale', 'display'],
      usedBy: 'scanner',
    },
    { address: 'usb:/dev/usb/lp0', name: 'EPSON TM-T82III', suits: ['printer', 'display'], usedBy: null },
  ],
  hidWhy: null,
  scannersMax: 4,
  profiles: [
    { id: 'generic-80-gb18030', columns: 48, encoding: 'gb18030', command: 'generic' },
    { id: 'epson-80-gb18030', columns: 48, encoding: 'gb18030', command: 'escpos' },
  ],
  encodings: ['gb18030', 'gbk', 'big5', 'utf8', 'cp437'],
  scanTest: true,
  heard: [
    { atMs: NOW_MS, text: null, aim: null, kind: 'payment_code', scanner: null },
    {
      atMs: NOW_MS - 9_000,
      text: '010690123456789217261231\u001d10A1',
      aim: ']d2',
      kind: 'gtin',
      scanner: 0,
    },
  ],
  drawerOpen: true,
  shown: ['\u6d01\u4e3d\u96c5\u6bdb\u5dfe    27.00', '\u5408\u8ba1        281.13'],
  customerAddress: 'http://127.0.0.1:4610/display#token=0a',
};
