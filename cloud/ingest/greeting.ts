/**
 * Greeting: who says hello, whether it may, and how far the cloud's copy of its journals goes.
 */
import { createPublicKey, verify } from 'node:crypto';
import type { ChainHead } from '../../src/core/entry.ts';
import type { Clock, Sha256 } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { SyncErrorKind } from '../../src/protocol/down.ts';
import { ackStatement } from '../../src/protocol/trust.ts';
import { type Hello, helloStatement } from '../../src/protocol/up.ts';
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from '../../src/protocol/version.ts';
import type { Db } from '../db/db.ts';
import { tellTillAlert } from '../tills/alerts.ts';
import type { CloudKey } from '../tills/cloud-key.ts';
import type { History } from '../tills/history.ts';
import { isRescue } from '../tills/rescue.ts';
import { stopTill, type TillRecord, tillById } from '../tills/tills.ts';
import { followerOf, headOf, heldHead, type JournalPart, lastReceiptSeq, partsOf } from './journals.ts';

export interface GreetParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly cloudId: string;
  readonly cloudKey: CloudKey;
  readonly history: History;
}

export interface Greeting {
  readonly till: TillRecord;
  readonly journalId: string;
  readonly parts: readonly JournalPart[];
  readonly acked: ChainHead;
  readonly lastReceiptSeq: number;
  /** It pushes and does nothing else. */
  readonly rescued: boolean;
  /** HQ's, when its journals were looked at. */
  readonly generation: string;
  /** A till has shown that HQ's database is older than what it has said: all lines begin anew. */
  readonly wentBack: boolean;
}

export interface Refusal {
  readonly kind: SyncErrorKind;
  readonly message?: string;
  /** Set when the till's other line must end as well. */
  readonly tillId?: string;
}

export async function greet(
  parts: GreetParts,
  nonce: string,
  hello: Hello,
): Promise<Result<Greeting, Refusal>> {
  const { db, sha256, cloudId, clock, history } = parts;
  if (hello.protocol < PROTOCOL_VERSION_MIN || hello.protocol > PROTOCOL_VERSION) {
    const message = `this cloud speaks protocol ${PROTOCOL_VERSION_MIN} to ${PROTOCOL_VERSION}`;
    return err({ kind: 'version', message });
  }
  const nowMs = clock.nowMs();
  const { tillId, journalId } = hello;
  const till = await tillById(db, tillId);
  if (till === null || till.publicKey === null) return err({ kind: 'unknown_till' });
  const rescued = hello.ticket !== undefined;
  if (rescued && !(await isRescue(db, { tillId, ticket: hello.ticket!, nowMs })))
    return err({ kind: 'ticket' });
  const statement = helloStatement({ ...hello, nonce, cloudId });
  const isBy = (key: string) => isSignedBy(key, statement, hello.sig);
  if (!isBy(till.publicKey) && !(rescued && till.formerKeys.some(isBy))) {
    const detail = { formerKey: till.formerKeys.some(isBy) };
    await tellTillAlert(db, { tillId, kind: 'bad_signature', detail, atMs: nowMs });
    return err({ kind: 'bad_signature' });
  }
  if (till.revoked && !rescued) {
    await tellTillAlert(db, { tillId, kind: 'revoked', detail: { headSeq: hello.headSeq }, atMs: nowMs });
    return err({ kind: 'revoked' });
  }
  const journals = partsOf(sha256, hello);
  if (!rescued && (await isClone(parts, till, hello, journals))) return err({ kind: 'cloned', tillId });
  const acked =
    journals.length === 1 && till.journalId === journalId && till.ackedHash !== null
      ? { seq: till.ackedSeq, hash: till.ackedHash }
      : await heldHead(db, tillId, journals);
  if (acked === null) return err({ kind: 'foreign' });
  if (hello.headSeq < acked.seq) {
    const detail = { headSeq: hello.headSeq, heldSeq: acked.seq, journalId };
    await tellTillAlert(db, { tillId, kind: 'journal_behind', detail, atMs: nowMs });
  }
  await history.look();
  const lost = await lostFuture(parts, till, hello);
  if (lost !== null) await history.wentBack({ tillId, ...lost, nowMs });
  const isNew = acked.seq === 0 || journals.length > 1 || hello.headSeq < acked.seq;
  return ok({
    till,
    journalId,
    parts: journals,
    acked,
    lastReceiptSeq: isNew ? await lastReceiptSeq(db, tillId) : 0,
    rescued,
    generation: history.generation,
    wentBack: lost !== null,
  });
}

/**
 * Two disks speak as one till: this journal was left for another one, and goes on all the same. Which of them is the till's
 * only a person can say; until then nothing is taken of either, and both go on selling.
 */
async function isClone(
  { db, clock }: GreetParts,
  till: TillRecord,
  { journalId, headSeq }: Hello,
  journals: readonly JournalPart[],
): Promise<boolean> {
  if (till.stopped) return true;
  const kept = till.keptJournalId;
  if (kept !== null) {
    if (journalId === kept) return false;
    const follows = journals.some((part) => part.journalId === kept);
    if (follows && (await headOf(db, journalId)) === null) return false;
  }
  const other = kept ?? (await followerOf(db, till.tillId, journalId));
  if (other === null) return false;
  const nowMs = clock.nowMs();
  await stopTill(db, till.tillId, nowMs);
  const detail = { journalId, otherJournalId: other, headSeq };
  await tellTillAlert(db, { tillId: till.tillId, kind: 'cloned', detail, atMs: nowMs });
  return true;
}

/** A word of ours that we do not have; `name` tells it from every other. */
interface LostSign {
  readonly sign: 'head' | 'mark';
  readonly name: string;
}

/**
 * What of a hello only a future of ours can have said that we have lost, and that no going back before has explained. Each sign
 * counts once: a till may say it again and again, as a disk does that was copied and cannot go on.
 */
async function lostFuture(parts: GreetParts, till: TillRecord, hello: Hello): Promise<LostSign | null> {
  const { clock, history } = parts;
  const lost = await lostSign(parts, till, hello);
  if (lost === null) return null;
  // Its first word in a generation may still be of the one that was lost: that is known.
  const isFirst = till.heardGeneration !== null && till.heardGeneration !== history.generation;
  if (isFirst) await history.explain(lost.name, clock.nowMs());
  return isFirst ? null : lost;
}

async function lostSign(
  { db, cloudId, cloudKey, history }: GreetParts,
  { tillId }: TillRecord,
  { acked, mark }: Hello,
): Promise<LostSign | null> {
  if (acked !== undefined) {
    const held = await headOf(db, acked.journalId);
    const isAhead = held === null || held.seq < acked.seq;
    if (isAhead && cloudKey.signed(ackStatement({ ...acked, cloudId, tillId }), acked.sig)) {
      const name = `head ${acked.journalId} ${acked.seq} ${acked.hash}`;
      if (!(await history.isKnown(name))) return { sign: 'head', name };
    }
  }
  const name = mark === undefined ? null : history.nameOf(mark);
  return name === null || (await history.isKnown(name)) ? null : { sign: 'mark', name };
}

function isSignedBy(publicKey: string, statement: Uint8Array, sig: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return verify(null, statement, key, Buffer.from(sig, 'base64'));
}
