/**
 * Enrolment at the till: a one-time code from HQ makes a folder that till.
 */
import path from 'node:path';
import { uuidV7 } from '../core/id.ts';
import type { Chance, Clock } from '../core/ports.ts';
import { lockFolder, openTillDb } from './db.ts';
import { CERT_WORDS, certTrouble, keepCa, readCa, trust, trustKeptCa } from './hq-ca.ts';
import { type Identity, IdentityStore } from './identity.ts';
import { type KeyPort, keyFile } from './key.ts';

export interface EnrolFacts {
  readonly folder: string;
  readonly cloudUrl: string;
  readonly code: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly key?: KeyPort;
  /** Of the chain's own CA, in PEM; without it HQ's certificate must be a public one. */
  readonly caFile?: string | null;
}

/** Makes a folder the till that the code stands for. @throws EnrolRefusedError with HQ's reason, in words */
export async function enrolTill(facts: EnrolFacts): Promise<Identity> {
  const ca = facts.caFile == null ? null : readCa(facts.caFile, facts.clock.nowMs());
  if (ca !== null) trust(ca);
  const lock = lockFolder(facts.folder);
  try {
    const key = (facts.key ?? keyFile(facts.folder, facts.chance)).load();
    const db = openTillDb(path.join(facts.folder, 'journal.db'), 'journal', key);
    try {
      const identity = await enrolWith(new IdentityStore(db), facts);
      if (ca !== null) keepCa(facts.folder, ca);
      return identity;
    } finally {
      db.close();
    }
  } finally {
    lock.release();
  }
}

/**
 * Gives an enrolled till another device key, with a one-time code of HQ for it: journal, numbers and receipts go on. The key before it
 * opens no line any more, and still vouches for the receipts that it signed.
 *
 * Broken off anywhere it is done again with another code: the new key is on disk before HQ hears of it.
 */
export async function changeDeviceKey(facts: Omit<EnrolFacts, 'cloudUrl'>): Promise<Identity> {
  trustKeptCa(facts.folder, facts.clock.nowMs());
  const lock = lockFolder(facts.folder);
  try {
    const key = (facts.key ?? keyFile(facts.folder, facts.chance)).load();
    const db = openTillDb(path.join(facts.folder, 'journal.db'), 'journal', key);
    try {
      const ids = new IdentityStore(db);
      const identity = ids.read();
      if (identity === null) throw new EnrolRefusedError('refused', 'this folder is no till of any HQ yet');
      const asked = { ...facts, cloudUrl: identity.cloudUrl };
      const { tillId, tillCode, cloudId, cloudKey } = await askCloud(asked, ids.nextDeviceKey().publicKey());
      if (tillId !== identity.tillId) {
        throw new EnrolRefusedError(
          'other_till',
          `the code was made for till ${tillCode}, this is ${identity.tillCode}: make that one a new code as well.`,
        );
      }
      if (cloudId !== identity.cloudId)
        throw new EnrolRefusedError(
          'refused',
          'that is another HQ: this till’s journal belongs to the first.',
        );
      ids.takeNextKey();
      // Whoever made the code speaks for HQ, as at the enrolment: also where a backup brought back a key that tills had left.
      const told = cloudKey === null ? identity : { ...identity, cloudKey };
      ids.write(told);
      return told;
    } finally {
      db.close();
    }
  } finally {
    lock.release();
  }
}

async function enrolWith(ids: IdentityStore, facts: EnrolFacts): Promise<Identity> {
  const before = ids.read();
  if (before !== null) {
    throw new EnrolRefusedError(
      'enrolled',
      `this folder is till ${before.tillCode} already. Use another --data for another till.`,
    );
  }
  const answer = await askCloud(facts, ids.deviceKey().publicKey());
  const identity: Identity = {
    ...answer,
    cloudUrl: facts.cloudUrl,
    journalId: uuidV7(facts.clock.nowMs(), facts.chance.bytes(10)),
  };
  ids.write(identity);
  return identity;
}

async function askCloud({ cloudUrl, code }: EnrolFacts, publicKey: string) {
  let response: Response;
  try {
    response = await fetch(new URL('/api/v1/enrol', cloudUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, publicKey }),
      signal: AbortSignal.timeout(15_000),
    });
  } catch (cause) {
    const trouble = certTrouble(cause);
    if (trouble !== null) throw new EnrolRefusedError(trouble, CERT_WORDS[trouble], { cause });
    throw new EnrolRefusedError(
      'unreachable',
      `HQ does not answer at ${cloudUrl}. Is the address right and the line up?`,
      { cause },
    );
  }
  // Anything may answer at a wrong address: a page, `null`, nothing.
  const body = ((await response.json().catch(() => null)) ?? {}) as Record<string, unknown>;
  if (!response.ok) {
    const { kind, detail } = body as { kind?: string; detail?: string };
    throw new EnrolRefusedError(kind ?? 'refused', detail ?? `HQ refused (status ${response.status})`);
  }
  const { tillId, tillCode, storeId, cloudId, cloudKey, lastReceiptSeq } = body;
  for (const value of [tillId, tillCode, storeId, cloudId]) {
    if (typeof value !== 'string') throw new EnrolRefusedError('refused', `${cloudUrl} is no Counterfoil HQ`);
  }
  return {
    ...({ tillId, tillCode, storeId, cloudId } as Pick<
      Identity,
      'tillId' | 'tillCode' | 'storeId' | 'cloudId'
    >),
    cloudKey: typeof cloudKey === 'string' ? cloudKey : null,
    lastReceiptSeq: Number.isSafeInteger(lastReceiptSeq) ? (lastReceiptSeq as number) : 0,
  };
}

export class EnrolRefusedError extends Error {
  override name = 'EnrolRefusedError';
  readonly kind: string;

  constructor(kind: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
