/**
 * What a file says of consents beside what HQ was told before: only what is new is said.
 */
import type { Queryable } from '../db/db.ts';
import type { ConsentWord } from '../members/consents.ts';
import type { ConsentSaid } from './consent-cell.ts';

/** Every word of these members and of whoever was merged into them, and, as a word of source `holds`, what follows from them. */
export async function wordsOf(
  tx: Queryable,
  memberIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ConsentWord[]>> {
  const rows = await tx.query<ConsentWord>(
    `select p.member_id as "memberId", e.entry_id as "entryId", e.purpose, e.channel, e.granted,
       e.text_version as "textVersion", e.at as "atMs", e.source
     from (select i as member_id, i as part_id from unnest($1::text[]) i
       union all select member_id, alias_id from member_alias where member_id = any($1::text[])) p
     join consent_entry e on e.member_id = p.part_id
     union all
     select member_id, '', purpose, channel, granted, text_version, at, 'holds' from member_consent
     where member_id = any($1::text[])`,
    [memberIds],
  );
  return Map.groupBy(rows, ({ memberId }) => memberId);
}

/** @param nowMs of a no that names no day: not said again while a no holds */
export function missingWords(
  memberId: string,
  said: readonly ConsentSaid[],
  known: readonly ConsentWord[],
  nowMs: number,
): ConsentWord[] {
  return said.flatMap(({ purpose, channel, granted, atMs, textVersion }) => {
    const before = known.filter((word) => word.purpose === purpose && word.channel === channel);
    const isKnown =
      atMs === null
        ? before.some((word) => word.source === 'holds' && !word.granted)
        : before.some(
            (word) =>
              word.granted === granted && word.atMs === atMs && spaceless(word.textVersion) === textVersion,
          );
    if (isKnown) return [];
    const at = atMs ?? nowMs;
    const entryId = `import:${purpose}:${channel}:${at}:${granted ? 'yes' : 'no'}:${textVersion}`;
    return [{ memberId, entryId, purpose, channel, granted, textVersion, atMs: at, source: 'import' }];
  });
}

/** A cell holds the version without blanks. */
function spaceless(textVersion: string): string {
  return textVersion.replaceAll(/\s+/g, '_');
}
