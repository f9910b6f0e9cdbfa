/**
 * What a till is told when the cloud does not take what it says: in words, beside the kind.
 */
import type { SyncErrorKind } from '../../src/protocol/down.ts';

export const SYNC_WORDS: Readonly<Record<SyncErrorKind, string>> = {
  bad_frame: 'this is not the sync language',
  unknown_till: 'this cloud knows no such till: enrol it with a code from HQ',
  revoked:
    'HQ has cut this till off: it goes on selling, but nothing of it is taken until it is enrolled again',
  bad_signature: 'the signature does not belong to this till: enrol it again if its disk was replaced',
  version: 'this till speaks another protocol version: update it',
  gap: 'entries are missing before this push',
  chain:
    'the hash chain is broken: the entries were changed on the way or on disk; run `counterfoil verify` on the till',
  forked: 'the cloud holds another entry under this number: the till was restored from an old copy; call HQ',
  foreign: 'these entries belong to another till',
  cloned:
    'two disks speak as this till: nothing is taken until HQ has said which one goes on; selling goes on',
  ticket: 'this rescue ticket is unknown, of another till, or older than an hour: get a new one from HQ',
  hello_first: 'say hello first',
  busy: 'this line says more than a till can: it is closed, come back',
  internal: 'the cloud failed',
};
