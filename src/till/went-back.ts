/**
 * A disk that has gone back in time: put back from a copy, or cloned. HQ holds entries that this journal does not have, or
 * others under their numbers.
 *
 * The till goes on under a new journal that begins after the last entry both have; what was sold here since is said again
 * in it, under the same ids. Rights of the old journal are spent no more, since some may have been spent in what was lost.
 */
import { type ChainHead, genesisHash } from '../core/entry.ts';
import type { Sha256 } from '../core/ports.ts';
import type { Identity, IdentityStore } from './identity.ts';
import type { EntryStamp, Journal } from './journal.ts';
import type { Projections } from './projection.ts';
import type { State } from './state.ts';

export interface WentBackParts {
  readonly identity: Identity;
  readonly ids: IdentityStore;
  readonly journal: Journal;
  readonly projections: Projections;
  readonly state: State;
  readonly sha256: Sha256;
}

/**
 * @param common the last entry that HQ has as well; seq 0: none
 * @returns who the till is now
 */
export function reopenJournal(
  { identity, ids, journal, projections, state, sha256 }: WentBackParts,
  common: ChainHead,
  given: { readonly journalId: string; readonly stamp: EntryStamp },
): Identity {
  const { journalId, stamp } = given;
  const { storeId, tillCode } = identity;
  const next: Identity = { ...identity, journalId };
  const base = common.seq === 0 ? { seq: 0, hash: genesisHash(sha256, journalId) } : common;
  const follows = common.seq === 0 ? null : { journalId: journal.partOf(common.seq).journalId, ...common };
  const opened = { kind: 'journal_opened', body: { storeId, tillCode, follows } } as const;
  const newSeqOf = journal.reopen(base, { journalId, stamp, opened }, () => ids.write(next));
  // A signed head beyond it is of entries that are no more here.
  const signed = ids.signedHead();
  if (signed !== null && signed.seq > base.seq) ids.dropHead();
  state.setAll({
    acked_seq: common.seq,
    acked_hash: common.seq === 0 ? '' : common.hash,
    acked_sig: '',
    acked_journal: '',
    signed_head: '',
  });
  projections.rebuild(common.seq, newSeqOf);
  return next;
}
