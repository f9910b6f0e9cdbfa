/**
 * What the cloud signs, as bytes: who it is, the head it holds, the lease it granted.
 *
 * Ed25519, one key a cloud, pinned by each till at its enrolment. A till proves itself by `helloStatement` (up.ts); the cloud
 * answers with a signature over the till's own nonce. A signed head is an anchor outside the till: a journal that ends below it
 * was cut. A signed grant is one that a cloud restored from an older copy can take up again without trusting the till.
 */
const utf8 = new TextEncoder();

/** In `welcome`: the cloud is who it says, here and now, and this is what it holds. */
export function welcomeStatement(facts: {
  readonly nonce: string;
  readonly cloudId: string;
  readonly tillId: string;
  readonly journalId: string;
  readonly ackedSeq: number;
  readonly ackedHash: string | null;
}): Uint8Array {
  const { nonce, cloudId, tillId, journalId, ackedSeq, ackedHash } = facts;
  return utf8.encode(
    `counterfoil welcome v1 ${nonce} ${cloudId} ${tillId} ${journalId} ${ackedSeq} ${ackedHash ?? '-'}`,
  );
}

/** A head as the cloud vouches for it: everything up to `seq` was on its disk. */
export interface SignedHead {
  readonly cloudId: string;
  readonly tillId: string;
  readonly journalId: string;
  readonly seq: number;
  readonly hash: string;
  /** Of the cloud, base64. */
  readonly sig: string;
}

export function ackStatement(head: Omit<SignedHead, 'sig'>): Uint8Array {
  const { cloudId, tillId, journalId, seq, hash } = head;
  return utf8.encode(`counterfoil ack v1 ${cloudId} ${tillId} ${journalId} ${seq} ${hash}`);
}

/** The cloud signs with another key from now on: the former one says so, so a till that pinned that one goes along. */
export interface KeyChange {
  /** SPKI DER, base64. */
  readonly key: string;
  readonly next: string;
  /** Of `key`, base64. */
  readonly sig: string;
}

export function keyChangeStatement(cloudId: string, { key, next }: Omit<KeyChange, 'sig'>): Uint8Array {
  return utf8.encode(`counterfoil key v1 ${cloudId} ${key} ${next}`);
}

/**
 * Whether a key follows from the one that is pinned, change by change, each signed by the key before it.
 *
 * @param isSigned of a key, a statement and its signature
 */
export function followsPinned(
  facts: { readonly cloudId: string; readonly pinned: string; readonly shown: string },
  chain: readonly KeyChange[],
  isSigned: (key: string, statement: Uint8Array, sig: string) => boolean,
): boolean {
  let { pinned } = facts;
  for (const change of chain) {
    if (change.key !== pinned) continue;
    if (!isSigned(change.key, keyChangeStatement(facts.cloudId, change), change.sig)) return false;
    pinned = change.next;
  }
  return pinned === facts.shown;
}

/** A lease as it was granted to one journal. The key comes last: it may hold anything. */
export function grantStatement(facts: {
  readonly cloudId: string;
  readonly tillId: string;
  readonly journalId: string;
  readonly leaseId: string;
  readonly key: string;
  readonly amount: number;
  readonly untilMs: number;
}): Uint8Array {
  const { cloudId, tillId, journalId, leaseId, key, amount, untilMs } = facts;
  return utf8.encode(
    `counterfoil grant v1 ${cloudId} ${tillId} ${journalId} ${leaseId} ${amount} ${untilMs} ${key}`,
  );
}
