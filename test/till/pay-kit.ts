/** What the tests of paying need: a till whose terminal and wallets are in the test's hand, with rights and a programme. */
import { rmSync } from 'node:fs';
import { checkDigit } from '../../src/core/gtin.ts';
import type { Programme } from '../../src/core/points.ts';
import type { RuleSet } from '../../src/core/promotion.ts';
import { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import { VirtualWallet } from '../../src/devices/virtual-wallet.ts';
import type { PayOutcome, TenderAsk } from '../../src/till/api.ts';
import type { Sqlite } from '../../src/till/db.ts';
import { openTill, type TestTill, type TillOptions } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';

export const PROGRAMME: Programme = {
  version: 'points-1',
  earn: { perMinor: 100, multipliers: [], timesMaxBp: 50_000 },
  spend: { points: 100, worthMinor: 100, stepPoints: 100, capBp: 5_000 },
};

/** A manufacturer's coupon number (AI 255). */
export const GS1_COUPON = `990123400001${checkDigit('990123400001')}`;

export const RULES: RuleSet = {
  version: 'pay-1',
  policy: { across: 'compound_within' },
  rules: [
    {
      id: 'welcome',
      name: '新人券',
      priority: 0,
      mode: 'compound',
      items: { all: true },
      coupon: { codes: ['WELCOME5'] },
      reward: { kind: 'order_off', off: { amountMinor: 500 } },
    },
    {
      id: 'lucky',
      name: '每人两件',
      priority: 1,
      mode: 'compound',
      items: { skus: ['B4002'] },
      audience: { membersOnly: true },
      limits: { perMember: 2 },
      reward: { kind: 'amount_off', amountMinor: 1_000 },
    },
    {
      id: 'manufacturer',
      name: '厂家券',
      priority: 0,
      mode: 'compound',
      items: { skus: ['T1001'] },
      coupon: { gs1: [GS1_COUPON] },
      reward: { kind: 'order_off', off: { fromCode: true } },
    },
    {
      id: 'near',
      name: '满 200 减 20',
      priority: 0,
      mode: 'compound',
      items: { all: true },
      reward: { kind: 'threshold', by: 'amount', steps: [{ from: 20_000, off: { amountMinor: 2_000 } }] },
    },
  ],
};

export const FAST = { waitMs: 150, cancelMs: 60, retryMs: 20 };

export interface PayTill extends TestTill {
  readonly client_: TillClient;
  readonly terminal: VirtualTerminal;
  readonly wallets: VirtualWallet;
}

export async function openPayTill(
  folder: string,
  given: { readonly terminal?: VirtualTerminal; readonly wallets?: VirtualWallet } & Omit<
    TillOptions,
    'wallets'
  > = {},
): Promise<PayTill> {
  const { terminal = new VirtualTerminal(), wallets = new VirtualWallet() } = given;
  const till = await openTill(folder, { openPrinter: null, payTimes: FAST, ...given, terminal, wallets });
  const client = await till.client();
  return { ...till, client_: client, terminal, wallets };
}

/** As the feed would bring them. */
export function publish({ till }: TestTill, programme: Programme | null = PROGRAMME): void {
  const rows = [
    { kind: 'programme', key: 'current', data: programme },
    { kind: 'rules', key: 'current', data: RULES },
  ];
  till.feed.apply({ rows, nextCursor: till.feed.cursor }, null);
  till.catalog.reload();
  till.checkout.repriced();
}

export function shopDb({ till }: TestTill): Sqlite {
  return (till as unknown as { shopDb: Sqlite }).shopDb;
}

/** As the sync would bring it: journalled before it is used. */
export function grant({ till }: TestTill, key: string, amount: number, leaseId = `lease-${key}`): void {
  till.leases.granted({
    t: 'grant',
    requestId: 'asked-by-nobody',
    leaseId,
    key,
    amount,
    purpose: 'ahead',
    epoch: 1,
    untilMs: Number.MAX_SAFE_INTEGER,
  });
}

/** Pays a part of what is on the counter. */
export async function pay(client: TillClient, tender: TenderAsk, tenderId?: string): Promise<PayOutcome> {
  const { id } = await client.call('newId', {});
  const { basket } = client.view;
  return client.call('pay', {
    basketId: basket.id,
    totalMinor: basket.totalMinor,
    tenderId: tenderId ?? id,
    tender,
  });
}

export async function payRefusal(client: TillClient, tender: TenderAsk) {
  const { id: tenderId } = await client.call('newId', {});
  const { basket } = client.view;
  return client.refusal('pay', { basketId: basket.id, totalMinor: basket.totalMinor, tenderId, tender });
}

/** The till dies as by `kill -9`: nothing is flushed, nobody says goodbye; only the lock is given back, as the system does. */
export async function crash(till: TestTill): Promise<void> {
  const inner = till.till as unknown as {
    parking: { timer: NodeJS.Timeout | null };
  };
  if (inner.parking.timer !== null) clearTimeout(inner.parking.timer);
  inner.parking.timer = null;
  await till.stop();
}

export function forget(folder: string, file: string): void {
  rmSync(`${folder}/${file}`, { force: true });
}
