/**
 * Members at the till: kept by id, found by card, phone, name, initials. The only writer of `member` and `member_name`.
 *
 * Made for hundreds of thousands: every way in is a range of an index or a list of the full-text index, never a walk.
 */
import type { Member } from '../core/loyalty.ts';
import { indexTerms, nameFits, nameQuery } from '../core/name-search.ts';
import { phoneBackwards, phoneEnds } from '../core/phone.ts';
import { memberRest } from '../protocol/snapshot.ts';
import type { Sqlite, Statement } from './db.ts';
import type { State } from './state.ts';

/** Of the rules by which `member_name` is filled: another number fills it anew. */
const INDEX_VERSION = 1;
/** Digits from which a text is the end of a phone number. */
const PHONE_DIGITS_MIN = 4;
/** Names that share the pairs of a search but not its order: more of them are not looked through. */
const CANDIDATES_MAX = 2_000;
const REBUILD_ROWS = 5_000;

export class MemberIndex {
  private readonly db: Sqlite;
  private readonly state: State;
  private readonly statements: Readonly<Record<keyof typeof SQL, Statement>>;

  constructor(db: Sqlite, state: State) {
    this.db = db;
    this.state = state;
    this.statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as Record<keyof typeof SQL, Statement>;
    const filled = state.text('member_index');
    if (filled?.startsWith('filling ') !== true && Number(filled ?? Number.NaN) !== INDEX_VERSION)
      this.rebuild();
  }

  /** Members are here whose names are not in the name index yet (a snapshot): `fillStep` puts them there. */
  fillLater(): void {
    const { last } = this.db.prepare('select coalesce(max(place), 0) as last from member').get() as {
      last: number;
    };
    this.state.set('member_index', `filling 0 ${last} ${INDEX_VERSION}`);
  }

  /** Puts the next names into the name index, for idle moments. @returns false when there is nothing to fill */
  fillStep(rowsMax: number): boolean {
    const filling = /^filling (\d+) (\d+) (\d+)$/.exec(this.state.text('member_index') ?? '');
    if (filling === null) return false;
    const [from, last] = [Number(filling[1]), Number(filling[2])];
    const rows = this.statements.page.all(from, last, rowsMax) as {
      place: number;
      name: string;
      initials: string;
    }[];
    this.db.transaction(() => {
      for (const { place, name, initials } of rows) {
        this.statements.reindex.run(place, indexTerms(name, initials).join(' '));
      }
      const through = rows.at(-1)?.place;
      this.state.set(
        'member_index',
        through === undefined ? INDEX_VERSION : `filling ${through} ${last} ${INDEX_VERSION}`,
      );
    })();
    return rows.length > 0;
  }

  /** Some members, for demos. */
  first(limit: number): Member[] {
    return this.statements.first.all(limit).map((row) => read(row)!);
  }

  byId(memberId: string): Member | null {
    return read(this.statements.byId.get(memberId));
  }

  byCard(cardNo: string): Member | null {
    return read(this.statements.byCard.get(cardNo) ?? this.statements.byOtherCard.get(cardNo));
  }

  /** Members whose phone may be this one, in whatever way either is written. @param digits digits only */
  byPhoneEnd(digits: string, limit: number): Member[] {
    const found = phoneEnds(digits).flatMap((end) => {
      const back = phoneBackwards(end);
      return this.statements.byPhone.all(back, `${back}:`, limit).map((row) => read(row)!);
    });
    return distinct(found, limit);
  }

  /** By the beginning of the name or its initials, then by any two signs of it in a row, then by a later word. */
  byName(text: string, limit: number): Member[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    // Two queries, not one `union`: that would read every name that begins so before it counts to the limit.
    const end = `${wanted}\u{10ffff}`;
    const found = [
      ...this.statements.byNameStart.all(wanted, end, limit),
      ...this.statements.byInitials.all(wanted, end, limit),
    ].map((row) => read(row)!);
    const first = distinct(found, limit);
    if (first.length >= limit) return first;
    return distinct([...first, ...this.byTerms(wanted, limit)], limit);
  }

  private byTerms(wanted: string, limit: number): Member[] {
    const query = nameQuery(wanted);
    if (query === null) return [];
    const match = query.terms.map((term) => (query.prefix ? `"${term}"*` : `"${term}"`)).join(' AND ');
    const found: Member[] = [];
    for (const row of this.statements.byTerms.iterate(match, CANDIDATES_MAX)) {
      const { name, initials } = row as { name: string; initials: string };
      if (!query.prefix && !nameFits(wanted, name, initials)) continue;
      found.push(read(row)!);
      if (found.length >= limit) break;
    }
    return found;
  }

  put(member: Member, initials: string): void {
    const s = this.statements;
    const { id, cardNo, phone, name, moreCards = [] } = member;
    s.dropCards.run(id);
    for (const card of moreCards) s.putCard.run(card, id);
    const phoneBack = phone === null ? null : phoneBackwards(phone);
    const fields = [cardNo, phoneBack, name, initials, memberRest(member)];
    const old = s.placeOf.get(id) as { place: number; name: string; initials: string } | undefined;
    if (old === undefined) {
      const { lastInsertRowid } = s.insert.run(id, ...fields);
      s.index.run(lastInsertRowid, indexTerms(name, initials).join(' '));
      return;
    }
    s.update.run(...fields, old.place);
    if (old.name !== name || old.initials !== initials) {
      s.unindex.run(old.place);
      s.index.run(old.place, indexTerms(name, initials).join(' '));
    }
  }

  delete(memberId: string): void {
    const old = this.statements.placeOf.get(memberId) as { place: number } | undefined;
    if (old === undefined) return;
    this.statements.dropCards.run(memberId);
    this.statements.unindex.run(old.place);
    this.statements.delete.run(old.place);
  }

  /** Fills what an update brought: a till with 400,000 members waits for it once, some ten seconds. */
  private rebuild(): void {
    const page = this.db.prepare(
      'select place, name, initials, data from member where place > ? order by place limit ?',
    );
    const setPhone = this.db.prepare('update member set phone_back = ? where place = ?');
    this.db.transaction(() => {
      this.db.exec("insert into member_name (member_name) values ('delete-all')");
      for (let place = 0; ; ) {
        const rows = page.all(place, REBUILD_ROWS) as {
          place: number;
          name: string;
          initials: string;
          data: string;
        }[];
        if (rows.length === 0) break;
        for (const row of rows) {
          // Rows of before the column was there hold the phone among the rest.
          const { phone = null } = JSON.parse(row.data) as Partial<Member>;
          if (phone !== null) setPhone.run(phoneBackwards(phone), row.place);
          this.statements.index.run(row.place, indexTerms(row.name, row.initials).join(' '));
        }
        place = rows.at(-1)!.place;
      }
      this.state.set('member_index', INDEX_VERSION);
    })();
  }
}

/** Whether a text is meant as the end of a phone number, and its digits. */
export function asPhoneEnd(text: string): string | null {
  const digits = text.replace(/\D/g, '');
  return digits.length >= PHONE_DIGITS_MIN && /^\+?[\d\s().-]+$/.test(text.trim()) ? digits : null;
}

function distinct(members: readonly Member[], limit: number): Member[] {
  return [...new Map(members.map((member) => [member.id, member])).values()].slice(0, limit);
}

/** A row as it is read: what the columns say, and the rest. */
interface MemberRow {
  readonly member_id: string;
  readonly card_no: string;
  readonly phone_back: string | null;
  readonly name: string;
  readonly data: string;
}

const COLUMNS = 'member_id, card_no, phone_back, name, data';

function read(row: unknown): Member | null {
  if (row === undefined) return null;
  const { member_id: id, card_no: cardNo, phone_back: back, name, data } = row as MemberRow;
  const phone = back === null ? null : phoneBackwards(back);
  return { ...(JSON.parse(data) as Member), id, cardNo, phone, name };
}

const SQL = {
  first: `select ${COLUMNS} from member order by member_id limit ?`,
  byId: `select ${COLUMNS} from member where member_id = ?`,
  byCard: `select ${COLUMNS} from member where card_no = ?`,
  byOtherCard: `select m.member_id, m.card_no, m.phone_back, m.name, m.data from member_card c join member m using (member_id)
     where c.card_no = ?`,
  putCard: 'insert or replace into member_card (card_no, member_id) values (?, ?)',
  dropCards: 'delete from member_card where member_id = ?',
  byPhone: `select ${COLUMNS} from member where phone_back >= ? and phone_back < ? limit ?`,
  byNameStart: `select ${COLUMNS} from member where name >= ? and name < ? limit ?`,
  byInitials: `select ${COLUMNS} from member where initials >= ? and initials < ? limit ?`,
  byTerms: `select m.initials, m.member_id, m.card_no, m.phone_back, m.name, m.data from member_name n join member m on m.place = n.rowid
     where n.member_name match ? limit ?`,
  placeOf: 'select place, name, initials from member where member_id = ?',
  insert:
    'insert into member (member_id, card_no, phone_back, name, initials, data) values (?, ?, ?, ?, ?, ?)',
  update: 'update member set card_no = ?, phone_back = ?, name = ?, initials = ?, data = ? where place = ?',
  delete: 'delete from member where place = ?',
  index: 'insert into member_name (rowid, pairs) values (?, ?)',
  /** One that was changed meanwhile is in it already. */
  reindex: 'insert or replace into member_name (rowid, pairs) values (?, ?)',
  page: 'select place, name, initials from member where place > ? and place <= ? order by place limit ?',
  unindex: 'delete from member_name where rowid = ?',
} as const;
