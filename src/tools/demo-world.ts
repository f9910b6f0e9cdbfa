/**
 * The demo world: two stores of a small chain, their goods, tiers and members. All names and numbers are our own.
 *
 * Made from tables and one fixed seed, so every clone shows the same shop.
 */
import { memberCardNo } from '../core/barcode.ts';
import { checkDigit } from '../core/gtin.ts';
import type { Item } from '../core/item.ts';
import type { Member, Tier } from '../core/loyalty.ts';
import type { Programme } from '../core/points.ts';
import type { RuleSet } from '../core/promotion.ts';
import type { Store } from '../core/store.ts';

export interface World {
  readonly stores: readonly Store[];
  readonly tiers: readonly Tier[];
  readonly items: readonly Item[];
  readonly members: readonly Member[];
}

export function demoWorld(): World {
  return { stores: STORES, tiers: TIERS, items: demoItems(), members: demoMembers(200) };
}

const CNY = { code: 'CNY', digits: 2, symbol: '￥' } as const;

/** What all stores of the demo have in common. */
export const STORE_COMMON = {
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  currency: CNY,
  tax: {
    mode: 'inclusive',
    rounding: 'line',
    rates: [
      { code: 'standard', rateBp: 1300 },
      { code: 'food', rateBp: 900 },
      { code: 'exempt', rateBp: 0 },
    ],
  },
  cash: { cashStepMinor: 10, cashRounding: 'nearest' },
  notesMinor: [1000, 2000, 5000, 10_000],
  templates: [
    { pattern: '21IIIIIWWWWWC', decimals: 3 },
    { pattern: '22IIIIIPPPPPC', decimals: 2 },
  ],
  mergeSameItem: true,
} as const;

const STORES: readonly Store[] = [
  {
    ...STORE_COMMON,
    id: 'S01',
    name: '南京西路店',
    names: { 'zh-TW': '南京西路店', en: 'Nanjing West Road' },
    region: '上海',
    address: ['静安区南京西路 88 号', '021-5550-0101'],
    footer: ['商品七日内凭小票可退换', '谢谢光临'],
  },
  {
    ...STORE_COMMON,
    id: 'S02',
    name: '徐家汇店',
    names: { 'zh-TW': '徐家匯店', en: 'Xujiahui' },
    region: '上海',
    address: ['徐汇区漕溪北路 16 号', '021-5550-0102'],
    footer: ['商品七日内凭小票可退换', '谢谢光临'],
  },
];

const TIERS: readonly Tier[] = [
  { id: 'member', name: '会员', names: { 'zh-TW': '會員', en: 'Member' }, rank: 1, discountBp: 0 },
  { id: 'silver', name: '银卡', names: { 'zh-TW': '銀卡', en: 'Silver' }, rank: 2, discountBp: 300 },
  { id: 'gold', name: '金卡', names: { 'zh-TW': '金卡', en: 'Gold' }, rank: 3, discountBp: 500 },
  { id: 'black', name: '黑金卡', names: { 'zh-TW': '黑金卡', en: 'Black Gold' }, rank: 4, discountBp: 1000 },
];

/** sku, zh-CN, zh-TW, en, category, price in yuan (`kg`: a kilogram), tax code. */
const GOODS: readonly (readonly [string, string, string, string, string, string, string])[] = [
  ['T1001', '纯棉毛巾 素色', '純棉毛巾 素色', 'Cotton towel, plain', '家居', '15.00', 'standard'],
  ['T1002', '纯棉浴巾 加厚', '純棉浴巾 加厚', 'Cotton bath towel, thick', '家居', '69.00', 'standard'],
  ['T1003', '竹炭牙刷 两支装', '竹炭牙刷 兩支裝', 'Charcoal toothbrush, 2 pack', '家居', '12.90', 'standard'],
  ['T1004', '薄荷牙膏 120 g', '薄荷牙膏 120 g', 'Mint toothpaste 120 g', '家居', '18.50', 'standard'],
  [
    'T1005',
    '玻璃保鲜盒 三件套',
    '玻璃保鮮盒 三件組',
    'Glass food boxes, set of 3',
    '家居',
    '89.00',
    'standard',
  ],
  ['T1006', '防滑衣架 十只', '防滑衣架 十入', 'Non-slip hangers, 10', '家居', '29.90', 'standard'],
  [
    'T1007',
    '抽纸 三层 8 包',
    '抽取式衛生紙 三層 8 包',
    'Facial tissue, 8 packs',
    '家居',
    '26.80',
    'standard',
  ],
  [
    'T1008',
    '洗衣液 薰衣草 2 L',
    '洗衣精 薰衣草 2 L',
    'Laundry liquid, lavender 2 L',
    '家居',
    '39.90',
    'standard',
  ],
  ['F2001', '鲜牛奶 950 mL', '鮮乳 950 mL', 'Fresh milk 950 mL', '食品', '14.90', 'food'],
  ['F2002', '原味酸奶 四联杯', '原味優格 四入', 'Plain yoghurt, 4 cups', '食品', '16.80', 'food'],
  ['F2003', '全麦吐司 400 g', '全麥吐司 400 g', 'Wholemeal toast 400 g', '食品', '12.50', 'food'],
  ['F2004', '土鸡蛋 十枚', '土雞蛋 十顆', 'Free-range eggs, 10', '食品', '19.90', 'food'],
  ['F2005', '五常大米 5 kg', '五常大米 5 kg', 'Wuchang rice 5 kg', '食品', '79.00', 'food'],
  [
    'F2006',
    '初榨橄榄油 750 mL',
    '初榨橄欖油 750 mL',
    'Extra virgin olive oil 750 mL',
    '食品',
    '88.00',
    'food',
  ],
  ['F2007', '海盐苏打饼干', '海鹽蘇打餅乾', 'Sea salt crackers', '食品', '9.90', 'food'],
  [
    'F2008',
    '黑巧克力 72 % 100 g',
    '黑巧克力 72 % 100 g',
    'Dark chocolate 72 % 100 g',
    '食品',
    '22.00',
    'food',
  ],
  ['F2009', '每日坚果 7 包', '每日堅果 7 包', 'Daily nuts, 7 packs', '食品', '39.90', 'food'],
  ['F2010', '手工挂面 800 g', '手工掛麵 800 g', 'Hand-made noodles 800 g', '食品', '11.80', 'food'],
  ['D3001', '茉莉绿茶 500 mL', '茉莉綠茶 500 mL', 'Jasmine green tea 500 mL', '饮料', '4.50', 'food'],
  [
    'D3002',
    '气泡水 青柠 480 mL',
    '氣泡水 青檸 480 mL',
    'Sparkling water, lime 480 mL',
    '饮料',
    '5.50',
    'food',
  ],
  ['D3003', '椰子水 330 mL', '椰子水 330 mL', 'Coconut water 330 mL', '饮料', '8.90', 'food'],
  ['D3004', '冷萃咖啡 270 mL', '冷萃咖啡 270 mL', 'Cold brew coffee 270 mL', '饮料', '13.80', 'food'],
  [
    'D3005',
    '龙井茶 明前 50 g',
    '龍井茶 明前 50 g',
    'Longjing tea, first flush 50 g',
    '饮料',
    '168.00',
    'food',
  ],
  ['D3006', '苹果汁 1 L', '蘋果汁 1 L', 'Apple juice 1 L', '饮料', '15.90', 'food'],
  [
    'B4001',
    '舒护活泉喷雾 300 mL',
    '舒護活泉噴霧 300 mL',
    'Soothing spring mist 300 mL',
    '护肤',
    '148.00',
    'standard',
  ],
  ['B4002', 'B5 修复霜 40 mL', 'B5 修復霜 40 mL', 'B5 repair cream 40 mL', '护肤', '98.00', 'standard'],
  ['B4003', '氨基酸洁面 100 g', '胺基酸潔面 100 g', 'Amino acid cleanser 100 g', '护肤', '79.00', 'standard'],
  ['B4004', '玻尿酸面膜 5 片', '玻尿酸面膜 5 片', 'Hyaluronic masks, 5', '护肤', '59.90', 'standard'],
  [
    'B4005',
    '防晒乳 SPF 50 50 mL',
    '防曬乳 SPF 50 50 mL',
    'Sunscreen SPF 50 50 mL',
    '护肤',
    '118.00',
    'standard',
  ],
  [
    'B4006',
    '护手霜 乳木果 30 mL',
    '護手霜 乳木果 30 mL',
    'Hand cream, shea 30 mL',
    '护肤',
    '25.00',
    'standard',
  ],
  ['B4007', '润唇膏 无香', '潤唇膏 無香', 'Lip balm, unscented', '护肤', '19.90', 'standard'],
  ['B4008', '男士须后水 100 mL', '男士鬍後水 100 mL', 'After shave 100 mL', '护肤', '85.00', 'standard'],
  ['C5001', '纯棉短袜 三双', '純棉短襪 三雙', 'Cotton socks, 3 pairs', '服饰', '29.00', 'standard'],
  ['C5002', '羊毛围巾 驼色', '羊毛圍巾 駝色', 'Wool scarf, camel', '服饰', '199.00', 'standard'],
  ['C5003', '帆布手提袋', '帆布手提袋', 'Canvas tote', '服饰', '49.00', 'standard'],
  ['C5004', '折叠雨伞', '摺疊雨傘', 'Folding umbrella', '服饰', '59.00', 'standard'],
  [
    'C5005',
    '儿童卫衣 120 cm',
    '兒童大學T 120 cm',
    "Children's sweatshirt 120 cm",
    '服饰',
    '129.00',
    'standard',
  ],
  ['C5006', '棒球帽 深蓝', '棒球帽 深藍', 'Baseball cap, navy', '服饰', '69.00', 'standard'],
  ['S6001', 'A5 方格笔记本', 'A5 方格筆記本', 'A5 grid notebook', '文具', '18.00', 'standard'],
  ['S6002', '中性笔 黑 三支', '中性筆 黑 三支', 'Gel pens, black, 3', '文具', '9.90', 'standard'],
  ['S6003', '彩色便利贴', '彩色便利貼', 'Sticky notes', '文具', '7.50', 'standard'],
  ['S6004', '图书：小城四季', '圖書：小城四季', 'Book: Four Seasons of a Town', '文具', '45.00', 'exempt'],
  [
    'V7001',
    '红富士苹果（称重）',
    '紅富士蘋果（秤重）',
    'Fuji apples (by weight)',
    '生鲜',
    'kg 12.80',
    'food',
  ],
  ['V7002', '香蕉（称重）', '香蕉（秤重）', 'Bananas (by weight)', '生鲜', 'kg 7.60', 'food'],
  [
    'V7003',
    '有机番茄（称重）',
    '有機番茄（秤重）',
    'Organic tomatoes (by weight)',
    '生鲜',
    'kg 15.90',
    'food',
  ],
  ['V7004', '黑猪五花肉（称重）', '黑豬五花肉（秤重）', 'Pork belly (by weight)', '生鲜', 'kg 68.00', 'food'],
  [
    'G8001',
    '礼品包装（自定价）',
    '禮品包裝（自訂價）',
    'Gift wrapping (open price)',
    '服务',
    'open',
    'standard',
  ],
  ['G8002', '环保购物袋 大', '環保購物袋 大', 'Shopping bag, large', '服务', '1.00', 'standard'],
];

function demoItems(): Item[] {
  return GOODS.map(([sku, cn, tw, en, category, price, taxCode], index) => {
    const base = { sku, name: cn, names: { 'zh-TW': tw, en }, category, taxCode };
    const plu = sku.slice(1).padStart(5, '0');
    if (price === 'open') return { ...base, plu, gtins: [], unit: 'each', priceMinor: null };
    if (price.startsWith('kg '))
      return { ...base, plu, gtins: [], unit: 'kg', priceMinor: toMinor(price.slice(3)) };
    return { ...base, gtins: [ownGtin(index)], unit: 'each', priceMinor: toMinor(price) };
  });
}

/** A GTIN-13 of the demo's own, 14 digits: prefix 690 and a company number of nines, with a right check digit. */
function ownGtin(index: number): string {
  const body = `0690999${String(index + 1).padStart(6, '0')}`;
  return body + checkDigit(body);
}

function toMinor(yuan: string): number {
  return Number(yuan.replace('.', ''));
}

/** Promotions of the demo: the second milk at half price, three drinks for less, stationery from 30. */
export function demoRules(): RuleSet {
  return {
    version: 'demo-1',
    policy: { across: 'compound_within' },
    rules: [
      {
        id: 'milk-second-half',
        name: '鲜牛奶第 2 件半价',
        names: { 'zh-TW': '鮮乳第 2 件半價', en: 'Milk, second at half price' },
        priority: 20,
        mode: 'compound',
        items: { skus: ['F2001'] },
        reward: { kind: 'buy_get', buyQty: 1, getQty: 1, rateBp: 5_000 },
      },
      {
        id: 'tea-3-for-12',
        name: '茉莉绿茶 3 瓶 12 元',
        names: { 'zh-TW': '茉莉綠茶 3 瓶 12 元', en: 'Jasmine tea, 3 for 12' },
        priority: 20,
        mode: 'compound',
        items: { skus: ['D3001'] },
        reward: { kind: 'n_for_price', qty: 3, priceMinor: 1_200 },
      },
      {
        id: 'stationery-30',
        name: '文具满 30 减 5',
        names: { 'zh-TW': '文具滿 30 減 5', en: 'Stationery, 5 off from 30' },
        priority: 10,
        mode: 'compound',
        items: { categories: ['文具'] },
        reward: { kind: 'threshold', by: 'amount', steps: [{ from: 3_000, off: { amountMinor: 500 } }] },
      },
      {
        id: 'autumn-10',
        name: '秋季满 100 减 10',
        names: { 'zh-TW': '秋季滿 100 減 10', en: 'Autumn, 10 off from 100' },
        priority: 5,
        mode: 'compound',
        items: { all: true },
        conditions: [{ kind: 'amount', fromMinor: 10_000 }],
        coupon: { codes: ['CP-AUTUMN10'] },
        reward: { kind: 'order_off', off: { amountMinor: 1_000 } },
      },
    ],
  };
}

/** The demo's programme: a point a yuan, double on the 8th, 18th and 28th and for gold and above; 100 points pay 1 yuan. */
export function demoProgramme(): Programme {
  return {
    version: 'demo-1',
    earn: {
      perMinor: 100,
      multipliers: [
        { id: 'member-day', timesBp: 20_000, validity: { monthDays: [8, 18, 28] } },
        { id: 'gold', timesBp: 15_000, tiers: ['gold', 'black'] },
        { id: 'birthday', timesBp: 20_000, birthdayMonth: true },
      ],
      timesMaxBp: 40_000,
    },
    spend: { points: 100, worthMinor: 100, stepPoints: 100, capBp: 5_000 },
  };
}

/** Who works in the demo; PINs as everybody at a trade fair would choose them. */
export const DEMO_STAFF = [
  { id: '01', name: '陈静', roleId: 'cashier', storeId: null, active: true, pin: '1111' },
  { id: '02', name: '李伟', roleId: 'senior', storeId: null, active: true, pin: '2222' },
  { id: '09', name: '王芳', roleId: 'manager', storeId: null, active: true, pin: '9999' },
] as const;

// ---- members ----

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕';
const GIVEN = [
  '伟',
  '静',
  '丽',
  '敏',
  '小美',
  '建国',
  '秀英',
  '志强',
  '佳怡',
  '子涵',
  '欣怡',
  '雨桐',
  '浩然',
  '思远',
  '晓明',
  '玉兰',
  '海燕',
  '国华',
  '文婷',
  '梓萱',
  '俊杰',
  '美玲',
  '春梅',
  '嘉豪',
  '诗雅',
];
const WESTERN = [
  'Emma Clarke',
  'Daniel Novak',
  'Sofia Rossi',
  'Lucas Meyer',
  'Olivia Tan',
  'Noah Jensen',
  'Mia Kowalska',
  'Ethan Lee',
];
const TAGS = ['敏感肌', '偏好套组', '常买鲜奶', '周末到店', '喜欢试新', '送礼'];

export function demoMembers(count: number): Member[] {
  const next = seeded(20_261_121);
  const pick = <T>(from: ArrayLike<T>): T => from[Math.floor(next() * from.length)]!;
  return Array.from({ length: count }, (_, index) => {
    const name =
      index % 25 === 24 ? WESTERN[Math.floor(index / 25) % WESTERN.length]! : pick(SURNAMES) + pick(GIVEN);
    const draw = next();
    const tierId = draw < 0.55 ? 'member' : draw < 0.82 ? 'silver' : draw < 0.96 ? 'gold' : 'black';
    const month = String(1 + Math.floor(next() * 12)).padStart(2, '0');
    const day = String(1 + Math.floor(next() * 28)).padStart(2, '0');
    return {
      id: `m-${String(index + 1).padStart(4, '0')}`,
      cardNo: memberCardNo(100_001 + index),
      name,
      // 138 0000 xxxx and 138 0001 xxxx: in no use.
      phone: `138${String(1000 + index * 7).padStart(8, '0')}`,
      tierId,
      birthday: `${month}-${day}`,
      tags: next() < 0.4 ? [pick(TAGS)] : [],
    };
  });
}

/** Numbers in [0, 1) from a seed: mulberry32, public domain. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
