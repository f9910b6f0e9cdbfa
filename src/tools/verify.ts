/**
 * `counterfoil verify`: walks a till's chain from its first entry and says whether it is whole.
 *
 * Takes a till's folder, its `journal.db`, or a text file of entries, one a line. Reads only; the till may be running.
 */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  type Anchor,
  type ChainBreak,
  type ChainedEntry,
  type ChainHead,
  entryHash,
  genesisHash,
  parseEntry,
  toHex,
  verifyChain,
} from '../core/entry.ts';
import type { Result } from '../core/result.ts';
import { ackStatement, type SignedHead } from '../protocol/trust.ts';
import { openTillDbReadonly, type Sqlite } from '../till/db.ts';
import { type Identity, IdentityStore, verifyEd25519 } from '../till/identity.ts';
import { partsOf } from '../till/journal.ts';
import { readKey } from '../till/key.ts';
import { sha256 } from '../till/run.ts';
import { State } from '../till/state.ts';

export interface VerifyReport {
  readonly file: string;
  readonly tillId: string;
  readonly journalId: string;
  readonly entries: number;
  readonly head: ChainHead | null;
  /** The head that HQ acknowledged, when one is known: a cut tail shows against it. */
  readonly anchorSeq: number | null;
  /** The anchor carries HQ's signature, and it is good: nobody at the till can have made it up. */
  readonly anchorSigned: boolean;
  /** Journals in the file: more than one where the disk went back in time. */
  readonly journals: number;
  readonly broken: ChainBreak | null;
}

/** @throws Error in words when there is nothing to read */
export async function verifyFile(
  file: string,
  keyFileName: string | null = null,
  headFile: string | null = null,
): Promise<VerifyReport> {
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const isFolder = statSync(file).isDirectory();
  if (!isFolder && !file.endsWith('.db')) return verifyText(file);
  const folder = isFolder ? file : path.dirname(file);
  const journalFile = isFolder ? path.join(file, 'journal.db') : file;
  const head = headFile === null ? null : readHead(headFile);
  return verifyDatabase(journalFile, folder, readKey(keyFileName ?? path.join(folder, 'till.key')), head);
}

function verifyDatabase(
  journalFile: string,
  folder: string,
  key: Uint8Array,
  given: GivenHead | null,
): VerifyReport {
  const db = openTillDbReadonly(journalFile, key);
  try {
    const ids = new IdentityStore(db);
    const identity = ids.read();
    if (identity === null) throw new Error(`${journalFile} belongs to no till yet: it was never enrolled`);
    const parts = hasParts(db)
      ? partsOf(db, sha256, identity.journalId)
      : [{ journalId: identity.journalId, baseSeq: 0 }];
    const owner = {
      tillId: identity.tillId,
      journalIdAt: (seq: number) => parts.findLast(({ baseSeq }) => baseSeq < seq)?.journalId ?? '',
    };
    const anchor = anchorOf({ folder, key, identity, kept: ids.signedHead(), given });
    let entries = 0;
    const rows = function* (): Generator<ChainedEntry> {
      const found = db.prepare('select seq, hash, text from journal order by seq').iterate();
      for (const row of found as Iterable<{ seq: number; hash: Uint8Array; text: string }>) {
        entries++;
        yield { seq: row.seq, hash: toHex(row.hash), text: row.text };
      }
    };
    const walked = verifyChain(sha256, owner, rows(), anchor);
    return { ...reportOf(journalFile, identity, walked, () => entries, anchor), journals: parts.length };
  } finally {
    db.close();
  }
}

/** A file of before journals could follow one another. */
function hasParts(db: Sqlite): boolean {
  return (
    db.prepare("select 1 from sqlite_master where type = 'table' and name = 'journal_part'").get() !==
    undefined
  );
}

/** What `GET /api/v1/tills/:tillId/head` of HQ answers. */
type GivenHead = SignedHead & { readonly cloudKey: string };

function readHead(file: string): GivenHead {
  let head: Partial<GivenHead>;
  try {
    head = JSON.parse(readFileSync(file, 'utf8')) as Partial<GivenHead>;
  } catch (cause) {
    throw new Error(`${file}: JSON was expected, as HQ answers it for a till's head`, { cause });
  }
  const { cloudId, tillId, journalId, seq, hash, sig, cloudKey } = head;
  for (const [name, value] of Object.entries({ cloudId, tillId, journalId, hash, sig, cloudKey })) {
    if (typeof value !== 'string') throw new Error(`${file}: ${name}: a text was expected`);
  }
  if (!Number.isSafeInteger(seq)) throw new Error(`${file}: seq: a whole number was expected`);
  const statement = ackStatement(head as GivenHead);
  const signature = Buffer.from(sig!, 'base64');
  if (!verifyEd25519({ publicKey: cloudKey!, statement, signature })) {
    throw new Error(`${file}: HQ's signature does not fit this head: it was changed`);
  }
  return head as GivenHead;
}

interface FoundAnchor extends Anchor {
  readonly isSigned: boolean;
}

/** The highest head that HQ vouches for: given by the auditor, kept in the journal's file, or in `shop.db` beside it. */
function anchorOf(facts: {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly identity: Identity;
  readonly kept: SignedHead | null;
  readonly given: GivenHead | null;
}): FoundAnchor | null {
  const { folder, key, identity, kept, given } = facts;
  if (given !== null && given.tillId !== identity.tillId) {
    throw new Error(`the head is of till ${given.tillId}, the folder is ${identity.tillId}`);
  }
  if (given !== null && identity.cloudKey != null && given.cloudKey !== identity.cloudKey) {
    throw new Error('the head is signed by another HQ than the one that this till belongs to');
  }
  const file = path.join(folder, 'shop.db');
  const [told, signed] = existsSync(file) ? shopHeads(file, key) : [null, null];
  const isGood = (head: SignedHead | null): head is SignedHead =>
    head !== null &&
    identity.cloudKey != null &&
    verifyEd25519({
      publicKey: identity.cloudKey,
      statement: ackStatement(head),
      signature: Buffer.from(head.sig, 'base64'),
    });
  const heads: FoundAnchor[] = [
    ...(told === null ? [] : [{ ...told, isSigned: false }]),
    ...[kept, signed].filter(isGood).map(({ seq, hash }) => ({ seq, hash, isSigned: true })),
    ...(given === null ? [] : [{ seq: given.seq, hash: given.hash, isSigned: true }]),
  ];
  return heads.reduce<FoundAnchor | null>((best, head) => {
    if (best === null || head.seq > best.seq) return head;
    return head.seq === best.seq && head.isSigned ? head : best;
  }, null);
}

function shopHeads(file: string, key: Uint8Array): [ChainHead | null, SignedHead | null] {
  const db = openTillDbReadonly(file, key);
  try {
    const state = new State(db);
    const [seq, hash, signed] = [
      state.number('acked_seq'),
      state.text('acked_hash'),
      state.text('signed_head'),
    ];
    return [seq && hash ? { seq, hash } : null, signed ? (JSON.parse(signed) as SignedHead) : null];
  } finally {
    db.close();
  }
}

/**
 * Entries as text, one a line: `{"seq", "hash", "text"}`, or the bare canonical texts, whose hashes then cannot be
 * compared one by one: the chain of a bare file is checked for numbers, shape and order only.
 */
async function verifyText(file: string): Promise<VerifyReport> {
  const entries: ChainedEntry[] = [];
  let number = 0;
  let bareHash: string | null = null;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    number++;
    if (line.trim() === '') continue;
    const entry = readLine(line, number);
    if ('hash' in entry) entries.push(entry);
    else {
      bareHash ??= genesisHash(sha256, journalIdOf(entry.text, number).journalId);
      bareHash = entryHash(sha256, bareHash, entry.text);
      entries.push({ ...entry, hash: bareHash });
    }
  }
  if (entries[0] === undefined) throw new Error(`${file} holds no entries`);
  const identity = journalIdOf(entries[0].text, 1);
  return reportOf(file, identity, verifyChain(sha256, identity, entries), () => entries.length, null);
}

function readLine(line: string, number: number): ChainedEntry | Omit<ChainedEntry, 'hash'> {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new Error(`line ${number}: JSON was expected, one entry a line`);
  }
  if (typeof value.text === 'string' && typeof value.hash === 'string' && typeof value.seq === 'number') {
    return { seq: value.seq, hash: value.hash, text: value.text };
  }
  if (typeof value.seq === 'number' && typeof value.kind === 'string') return { seq: value.seq, text: line };
  throw new Error(`line ${number}: an entry {"seq", "hash", "text"} was expected`);
}

function journalIdOf(text: string, number: number): { tillId: string; journalId: string } {
  const parsed = parseEntry(text);
  if (!parsed.ok) throw new Error(`line ${number}: this is no journal entry (${parsed.error.kind})`);
  return parsed.value;
}

function reportOf(
  file: string,
  ids: { readonly tillId: string; readonly journalId: string },
  result: Result<ChainHead, ChainBreak>,
  entries: () => number,
  anchor: FoundAnchor | null,
): VerifyReport {
  const { tillId, journalId } = ids;
  const found = { anchorSeq: anchor?.seq ?? null, anchorSigned: anchor?.isSigned ?? false };
  const common = { file, tillId, journalId, entries: entries(), ...found, journals: 1 };
  return result.ok
    ? { ...common, head: result.value, broken: null }
    : { ...common, head: null, broken: result.error };
}

/** One line for a person. */
export function verifyWords(report: VerifyReport): string {
  const { entries, head, broken, anchorSeq, anchorSigned, journals } = report;
  if (broken === null) {
    const signed = anchorSigned ? 'signed' : 'acknowledged';
    const anchored = anchorSeq === null ? '' : `, ${signed} by HQ through ${anchorSeq}`;
    const follow = journals === 1 ? '' : `, ${journals} journals: the disk went back in time`;
    return `${entries} entries, chain intact, head ${head!.seq} ${head!.hash}${anchored}${follow}`;
  }
  return `chain broken at entry ${broken.seq}: ${breakWords(broken)}`;
}

function breakWords(broken: ChainBreak): string {
  switch (broken.kind) {
    case 'gap':
      return `deleted: entry ${broken.seq} is missing, ${broken.found} follows`;
    case 'order':
      return `inserted or moved: entry ${broken.found} stands where ${broken.seq} belongs`;
    case 'changed':
      return broken.what === 'hash'
        ? 'changed: its text, or the entry before it, is not what was hashed'
        : `changed: ${broken.what}`;
    case 'foreign':
      return `foreign: it belongs to another ${broken.what}`;
    case 'truncated':
      return `truncated: the journal ends at ${broken.seq}, but HQ acknowledged ${broken.anchorSeq}`;
    case 'anchor':
      return 'replaced: HQ acknowledged another entry under this number';
  }
}
