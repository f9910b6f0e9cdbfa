/**
 * `counterfoil verify`: walks a till's chain from its first entry and says whether it is whole.
 *
 * Takes a till's folder, its `journal.db`, or a text file of entries, one a line. Reads only; the till may be running.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
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
import { openTillDbReadonly } from '../till/db.ts';
import { IdentityStore } from '../till/identity.ts';
import { readKey } from '../till/key.ts';
import { sha256 } from '../till/run.ts';
import { State } from '../till/state.ts';

export interface VerifyReport {
  readonly file: string;
  readonly tillId: string;
  readonly journalId: string;
  readonly entries: number;
  readonly head: ChainHead | null;
  /** The head that HQ acknowledged, when the till knows one: a cut tail shows against it. */
  readonly anchorSeq: number | null;
  readonly broken: ChainBreak | null;
}

/** @throws Error in words when there is nothing to read */
export async function verifyFile(file: string, keyFileName: string | null = null): Promise<VerifyReport> {
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const isFolder = statSync(file).isDirectory();
  if (!isFolder && !file.endsWith('.db')) return verifyText(file);
  const folder = isFolder ? file : path.dirname(file);
  const journalFile = isFolder ? path.join(file, 'journal.db') : file;
  return verifyDatabase(journalFile, folder, readKey(keyFileName ?? path.join(folder, 'till.key')));
}

function verifyDatabase(journalFile: string, folder: string, key: Uint8Array): VerifyReport {
  const db = openTillDbReadonly(journalFile, key);
  try {
    const identity = new IdentityStore(db).read();
    if (identity === null) throw new Error(`${journalFile} belongs to no till yet: it was never enrolled`);
    const anchor = anchorOf(folder, key);
    let entries = 0;
    const rows = function* (): Generator<ChainedEntry> {
      const found = db.prepare('select seq, hash, text from journal order by seq').iterate();
      for (const row of found as Iterable<{ seq: number; hash: Uint8Array; text: string }>) {
        entries++;
        yield { seq: row.seq, hash: toHex(row.hash), text: row.text };
      }
    };
    return reportOf(
      journalFile,
      identity,
      verifyChain(sha256, identity, rows(), anchor),
      () => entries,
      anchor,
    );
  } finally {
    db.close();
  }
}

/** The last acknowledged head, from `shop.db` beside the journal. */
function anchorOf(folder: string, key: Uint8Array): Anchor | null {
  const file = path.join(folder, 'shop.db');
  if (!existsSync(file)) return null;
  const db = openTillDbReadonly(file, key);
  try {
    const state = new State(db);
    const [seq, hash] = [state.number('acked_seq'), state.text('acked_hash')];
    return seq === null || seq === 0 || !hash ? null : { seq, hash };
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
  anchor: Anchor | null,
): VerifyReport {
  const { tillId, journalId } = ids;
  const common = { file, tillId, journalId, entries: entries(), anchorSeq: anchor?.seq ?? null };
  return result.ok
    ? { ...common, head: result.value, broken: null }
    : { ...common, head: null, broken: result.error };
}

/** One line for a person. */
export function verifyWords(report: VerifyReport): string {
  const { entries, head, broken, anchorSeq } = report;
  if (broken === null) {
    const anchored = anchorSeq === null ? '' : `, acknowledged by HQ through ${anchorSeq}`;
    return `${entries} entries, chain intact, head ${head!.seq} ${head!.hash}${anchored}`;
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
