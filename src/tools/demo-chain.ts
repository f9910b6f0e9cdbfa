/**
 * The rest of the demo chain: four more stores, their tills and staff, a few thousand members, and what each member is like.
 *
 * Pure, from tables and seeds. The first two stores and the first 200 members are those of `demo-world`.
 */
import type { Member } from '../core/loyalty.ts';
import type { Store } from '../core/store.ts';
import { demoMembers, demoWorld, STORE_COMMON, seeded } from './demo-world.ts';

export interface DemoStore {
  readonly store: Store;
  /** Sales of a plain day by people without a card. */
  readonly strangersADay: number;
  /** Part of the members whose store it is, in hundredths. */
  readonly members: number;
  /** Tills of the store that trade by themselves; the visitor's own are others. */
  readonly tills: readonly string[];
  readonly cashiers: readonly string[];
  /** Days after the year began that it opened. */
  readonly opensOnDay: number;
}

const MORE_STORES: readonly Store[] = [
  {
    ...STORE_COMMON,
    id: 'S03',
    name: '虹口店',
    names: { 'zh-TW': '虹口店', en: 'Hongkou' },
    region: '上海',
    address: ['虹口区四川北路 21 号', '021-5550-0103'],
    footer: ['商品七日内凭小票可退换', '谢谢光临'],
  },
  {
    ...STORE_COMMON,
    id: 'S04',
    name: '苏州观前店',
    names: { 'zh-TW': '蘇州觀前店', en: 'Suzhou Guanqian' },
    region: '江苏',
    address: ['姑苏区观前街 8 号', '0512-5550-0104'],
    footer: ['商品七日内凭小票可退换', '谢谢光临'],
  },
  {
    ...STORE_COMMON,
    id: 'S05',
    name: '杭州湖滨店',
    names: { 'zh-TW': '杭州湖濱店', en: 'Hangzhou Lakeside' },
    region: '浙江',
    address: ['上城区湖滨路 5 号', '0571-5550-0105'],
    footer: ['商品七日内凭小票可退换', '谢谢光临'],
  },
  {
    ...STORE_COMMON,
    id: 'S06',
    name: '宁波天一店',
    names: { 'zh-TW': '寧波天一店', en: 'Ningbo Tianyi' },
    region: '浙江',
    address: ['海曙区中山东路 18 号', '0574-5550-0106'],
    footer: ['商品七日内凭小票可退换', '谢谢光临'],
  },
];

const [first, second] = demoWorld().stores as [Store, Store];

export const DEMO_STORES: readonly DemoStore[] = [
  place(first, 12, 26, ['NJ11', 'NJ12'], ['11', '12', '13'], 0),
  place(second, 10, 22, ['XH11'], ['14', '15'], 0),
  place(MORE_STORES[0]!, 8, 16, ['HK11'], ['16', '17'], 0),
  place(MORE_STORES[1]!, 8, 15, ['GQ11'], ['18', '19'], 0),
  place(MORE_STORES[2]!, 9, 13, ['HB11'], ['20', '21'], 60),
  place(MORE_STORES[3]!, 6, 8, ['TY11'], ['22', '23'], 205),
];

function place(
  store: Store,
  strangersADay: number,
  members: number,
  tills: readonly string[],
  cashiers: readonly string[],
  opensOnDay: number,
): DemoStore {
  return { store, strangersADay, members, tills, cashiers, opensOnDay };
}

const STAFF_NAMES = [
  '周敏',
  '吴晓琳',
  '郑浩',
  '孙佳怡',
  '朱文婷',
  '胡志强',
  '林小美',
  '何雨桐',
  '高翔',
  '罗丹',
  '梁思远',
  '宋雅',
  '唐伟',
];

/** Cashiers of the stores, beside the three whom the visitor may be. */
export function chainStaff() {
  const ids = DEMO_STORES.flatMap(({ store, cashiers }) => cashiers.map((id) => ({ id, storeId: store.id })));
  return ids.map(({ id, storeId }, index) => ({
    id,
    name: STAFF_NAMES[index]!,
    roleId: index % 3 === 0 ? 'senior' : 'cashier',
    storeId,
    active: true,
    pin: String(4_000 + Number(id) * 7),
  }));
}

export const CHAIN_MEMBERS = 3_000;

/** What a member is like; nobody's data but the generator's. */
export interface Habit {
  readonly member: Member;
  /** Day of the year on which the first purchase of the year may come; below zero: a customer from before. */
  readonly fromDay: number;
  readonly homeStore: number;
  /** Mean days between visits. */
  readonly cycleDays: number;
  /** Chance after each visit of never coming back. */
  readonly leaves: number;
  /** Categories bought three times as often as by others. */
  readonly likes: readonly string[];
  /** Mean articles beside the first. */
  readonly basket: number;
}

export const CATEGORIES = ['家居', '食品', '饮料', '护肤', '服饰', '文具', '生鲜'] as const;

/** Cycle in days and chance of leaving, by tier. */
const KINDS: Readonly<Record<string, readonly [cycleDays: number, leaves: number]>> = {
  black: [9, 0.008],
  gold: [15, 0.02],
  silver: [30, 0.05],
  member: [62, 0.24],
};

export function demoHabits(count = CHAIN_MEMBERS): Habit[] {
  const members = demoMembers(count);
  return members.map((member, index) => {
    const next = seeded(9_000_000 + index);
    const [cycle, leaves] = KINDS[member.tierId]!;
    const homeStore = storeFor(next());
    const joined = next() < 0.34 ? -Math.floor(next() * cycle) : Math.floor(next() ** 1.15 * 365);
    const opens = DEMO_STORES[homeStore]!.opensOnDay;
    return {
      member,
      fromDay: Math.max(joined, opens === 0 ? -365 : opens + Math.floor(next() * 40)),
      homeStore,
      cycleDays: cycle * (0.6 + 0.9 * next()),
      leaves: leaves * (0.5 + next()),
      likes: [CATEGORIES[Math.floor(next() * 7)]!, CATEGORIES[Math.floor(next() * 7)]!],
      basket: 0.9 + 1.9 * next(),
    };
  });
}

function storeFor(draw: number): number {
  let at = draw * 100;
  for (const [index, { members }] of DEMO_STORES.entries()) {
    at -= members;
    if (at < 0) return index;
  }
  return 0;
}
