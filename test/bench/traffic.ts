/**
 * Traffic for the benches of the cloud: tills with keys, and pushes of sales as a till of ours makes them: six lines, a
 * member with points, what the kernel was given, a signed receipt.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { PushFacts } from '../../cloud/ingest/ingest.ts';
import { memberCardNo } from '../../src/core/barcode.ts';
import { canonicalJson, entryHash, genesisHash, headStatement } from '../../src/core/entry.ts';
import { uuidV7 } from '../../src/core/id.ts';
import type { Member } from '../../src/core/loyalty.ts';
import { earnPoints } from '../../src/core/points.ts';
import { PRICING_VERSION } from '../../src/core/pricing.ts';
import { NO_PROMOTIONS } from '../../src/core/promotion-index.ts';
import type { PricedWith, Sale } from '../../src/core/sale.ts';
import { localTime } from '../../src/core/shift.ts';
import { sha256 } from '../../src/till/run.ts';
import { demoProgramme, seeded } from '../../src/tools/demo-world.ts';
import { aDemoSale, anId, SALE_AT_MS } from '../kit/sales.ts';

export interface BenchTill {
  readonly tillId: string;
  readonly code: string;
  readonly journalId: string;
  /** base64 SPKI */
  readonly publicKey: string;
  readonly key: KeyObject;
  readonly pushes: readonly PushFacts[];
}

export interface TrafficFacts {
  readonly tills: number;
  /** Number of the first till, from 0; for a bench that makes its tills one after the other. */
  readonly first?: number;
  readonly salesEach: number;
  /** Sales of one push. */
  readonly batch: number;
  /** Whom the sales are of, each one as likely as another. */
  readonly memberIds: readonly string[];
  readonly storeIdOf?: (till: number) => string;
}

/** As many as a bench wants, each with a number of its own. */
export function benchMembers(count: number): Member[] {
  return Array.from({ length: count }, (_, index) => ({
    id: benchMemberId(index),
    cardNo: memberCardNo(1_000_001 + index),
    name: `会员${index + 1}`,
    phone: `138${String(index).padStart(8, '0')}`,
    tierId: 'member',
    tags: [],
  }));
}

/** @param index from 0 */
export function benchMemberId(index: number): string {
  return `m-${String(index + 1).padStart(7, '0')}`;
}

/** The same facts give the same sales; only the keys differ. */
export function trafficOf(facts: TrafficFacts): BenchTill[] {
  return Array.from({ length: facts.tills }, (_, index) => tillOf((facts.first ?? 0) + index, facts));
}

/** Between two sales of one till. */
const STEP_MS = 40_000;
/** Different baskets; a sale is one of them with its own number, time, member and points. */
const BASKETS = 211;

function tillOf(index: number, facts: TrafficFacts): BenchTill {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const code = `B${String(index + 1).padStart(3, '0')}`;
  const ids = { tillId: `bench-till-${code}`, journalId: anId(1_000_000 + index) };
  const next = seeded(index + 1);
  let head = { seq: 0, hash: genesisHash(sha256, ids.journalId) };
  const pushes: PushFacts[] = [];
  for (let fromSeq = 1; fromSeq <= facts.salesEach; fromSeq += facts.batch) {
    const entries: string[] = [];
    for (let seq = fromSeq; seq < fromSeq + facts.batch && seq <= facts.salesEach; seq++) {
      const atMs = SALE_AT_MS - STEP_MS * (facts.salesEach - seq);
      const memberId = facts.memberIds[Math.floor(next() * facts.memberIds.length)] ?? null;
      const text = canonicalJson({
        v: 1,
        ...ids,
        seq,
        kind: 'sale',
        atMs,
        hlc: `${atMs}.0`,
        businessDate: '2026-11-21',
        shiftId: `${code}/1`,
        cashierId: '01',
        body: saleOf({
          till: index,
          code,
          seq,
          atMs,
          memberId,
          storeId: facts.storeIdOf?.(index) ?? 'S01',
          next,
        }),
      });
      head = { seq, hash: entryHash(sha256, head.hash, text) };
      entries.push(text);
    }
    const sig = sign(null, headStatement(ids.tillId, ids.journalId, head), privateKey).toString('base64');
    pushes.push({ ...ids, fromSeq, entries, hash: head.hash, sig });
  }
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return { ...ids, code, publicKey: spki, key: privateKey, pushes };
}

const baskets = new Map<number, Sale>();

function basketOf(number: number): Sale {
  const known = baskets.get(number);
  if (known !== undefined) return known;
  const made = aDemoSale({ receiptSeq: number + 1, lines: 6 });
  baskets.set(number, made);
  return made;
}

function saleOf(facts: {
  readonly till: number;
  readonly code: string;
  readonly seq: number;
  readonly atMs: number;
  readonly memberId: string | null;
  readonly storeId: string;
  readonly next: () => number;
}): Sale {
  const { till, code, seq, atMs, memberId, storeId, next } = facts;
  const basket = basketOf(Math.floor(next() * BASKETS));
  const at = localTime(atMs, 'Asia/Shanghai');
  const tier = memberId === null ? null : { id: 'member', name: '会员', rank: 1, discountBp: 0 };
  const priced: PricedWith = {
    kernel: PRICING_VERSION,
    at,
    locale: 'zh-CN',
    taxRounding: 'line',
    tier,
    tags: [],
    segments: [],
    coupons: [],
    usesLeft: {},
    manual: [],
  } as unknown as PricedWith;
  const points =
    memberId === null ? null : earnPoints(demoProgramme(), { tierId: 'member' }, at, basket, basket.taxMode);
  return {
    ...basket,
    storeId,
    id: idOf(atMs, next),
    memberId,
    rulesVersion: `${NO_PROMOTIONS.set.version}/feed-${1_000 + till}`,
    receiptSeq: seq,
    receiptNo: `${code}-${String(seq).padStart(6, '0')}`,
    priced,
    points,
  };
}

/** A UUIDv7 whose chance is the seed's. */
function idOf(atMs: number, next: () => number): string {
  const random = Uint8Array.from({ length: 10 }, () => Math.floor(next() * 256));
  return uuidV7(atMs, random);
}
