/**
 * Bench `lookup`: a member among 400,000 by phone, card, two-character name, part of a name, initials, each beside a get by
 * primary key in the same run; and what the name index costs the feed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memberCardNo } from '../../src/core/barcode.ts';
import { Catalog } from '../../src/till/catalog.ts';
import { openTillDb } from '../../src/till/db.ts';
import { FeedWriter } from '../../src/till/feed.ts';
import { MemberIndex } from '../../src/till/member-index.ts';
import { State } from '../../src/till/state.ts';
import { seeded } from '../../src/tools/demo-world.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

const KEY = new Uint8Array(32).fill(9);
const LIMIT = 20;
const GOAL_P95_MS = 5;
const PAGE_ROWS = 2_000;
/** Rows that the peer of the feed takes. */
const PLAIN_ROWS = 40_000;

// Families as common as they are: the first is carried by one in thirteen.
const FAMILIES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余';
const FAMILY_LETTERS = 'wlzlcyhzwzxsmzhghlglzlxstxdfhczpxcptdyyy';
const GIVEN = '伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超霞平刚英华玉兰红梅小美雪婷宇浩欣怡子轩文博晨思雨佳慧琳颖';
const GIVEN_LETTERS = 'wfnmjxlqljyyyjjtmcxpgyhylhmxmxtyhxyzxwbcsyjhly';

interface Someone {
  readonly id: string;
  readonly cardNo: string;
  readonly name: string;
  readonly phone: string;
  readonly initials: string;
}

export async function lookup({ small }: BenchOptions): Promise<BenchResult> {
  const [members, looks] = small ? [4_000, 60] : [400_000, 2_000];
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-bench-'));
  const db = openTillDb(path.join(folder, 'shop.db'), 'shop', KEY);
  try {
    const random = seeded(20_261_122);
    const people = Array.from({ length: members }, (_, index) => someone(index, random));
    const state = new State(db);
    const index = new MemberIndex(db, state);
    const feed = new FeedWriter(db, state, index);
    const first = people.slice(0, PLAIN_ROWS);
    const rowsPerS = fill(feed, first);
    const plainPerS = fillPlain(path.join(folder, 'plain', 'shop.db'), first);
    fill(feed, people.slice(PLAIN_ROWS));
    db.pragma('wal_checkpoint(TRUNCATE)');
    const catalog = new Catalog(db, index);
    const counts: number[] = [];
    const cpuTimes: number[] = [];
    const pick = () => people[Math.floor(random() * members)]!;
    const measure = (textOf: (person: Someone) => string): number[] => {
      const times: number[] = [];
      for (let i = 0; i < looks; i++) {
        const person = pick();
        const text = textOf(person);
        const cpu = process.threadCpuUsage();
        const start = performance.now();
        const found = catalog.searchMembers(text, LIMIT);
        times.push(performance.now() - start);
        const used = process.threadCpuUsage(cpu);
        cpuTimes.push((used.user + used.system) / 1_000);
        if (found.length === 0) throw new Error(`${text} was not found`);
        counts.push(found.length);
      }
      return times;
    };
    const gets: number[] = [];
    for (let i = 0; i < looks; i++) {
      const { id } = pick();
      const start = performance.now();
      index.byId(id);
      gets.push(performance.now() - start);
    }
    const ways: readonly (readonly [string, (person: Someone) => string])[] = [
      ['card', ({ cardNo }) => cardNo],
      ['phone', ({ phone }) => phone.slice(2)],
      ['last four of the phone', ({ phone }) => phone.slice(-4)],
      ['two-character name', ({ name }) => name.slice(0, 2)],
      ['part of the name', ({ name }) => name.slice(-2)],
      ['whole name', ({ name }) => name],
      ['initials', ({ initials }) => initials],
      ['mixed', ({ name, initials }) => name[0]! + initials.slice(1)],
    ];
    const taken = ways.map(([name, textOf]) => [name, measure(textOf)] as const);
    const line = (name: string, ours: number, other: number, otherName: string) =>
      aCase({ bench: 'lookup', case: name, ours, other, otherName, unit: 'ms', better: 'lower' });
    const worst = Math.max(...taken.map(([, times]) => quantile(times, 0.95)));
    return {
      input: `${members} members in an encrypted shop.db, ${looks} searches a way, ${LIMIT} hits each`,
      checksum: checksumOf(counts),
      cases: [
        ...taken.flatMap(([name, times]) =>
          [0.5, 0.95].map((q) => {
            const label = q === 0.5 ? 'p50' : 'p95';
            return line(
              `${name}, ${label}`,
              quantile(times, q),
              quantile(gets, q),
              `get by primary key, ${label}`,
            );
          }),
        ),
        line('slowest way, p95', worst, GOAL_P95_MS, 'goal'),
        aCase({
          bench: 'lookup',
          case: 'feed rows applied',
          ours: rowsPerS,
          other: plainPerS,
          otherName: 'bare inserts, no name index',
          unit: 'rows/s',
          better: 'higher',
        }),
      ],
      notes: [
        `rows applied: the first ${first.length}, checked and indexed, beside bare inserts into such a table`,
      ],
    };
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function someone(index: number, random: () => number): Someone {
  const family = Math.floor(FAMILIES.length * random() ** 2);
  const given = Array.from({ length: random() < 0.3 ? 1 : 2 }, () => Math.floor(random() * GIVEN.length));
  return {
    id: `0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    cardNo: memberCardNo(index),
    name: FAMILIES[family]! + given.map((at) => GIVEN[at]).join(''),
    initials: FAMILY_LETTERS[family]! + given.map((at) => GIVEN_LETTERS[at]).join(''),
    phone: `861${3 + Math.floor(random() * 7)}${String(Math.floor(random() * 1e9)).padStart(9, '0')}`,
  };
}

/** Through the feed, as a till gets them. @returns rows a second */
function fill(feed: FeedWriter, people: readonly Someone[]): number {
  const start = performance.now();
  for (let from = 0; from < people.length; from += PAGE_ROWS) {
    const rows = people.slice(from, from + PAGE_ROWS).map((person) => ({
      kind: 'member',
      key: person.id,
      data: { ...person, tierId: 'gold', tags: ['tea'] },
    }));
    feed.apply({ rows, nextCursor: from + 1 }, null);
  }
  return people.length / ((performance.now() - start) / 1_000);
}

/** The same rows into the same table and indexes, but for the names. @returns rows a second */
function fillPlain(file: string, people: readonly Someone[]): number {
  const db = openTillDb(file, 'shop', KEY);
  db.exec(`create table plain_member (member_id text primary key, card_no text not null collate nocase, phone text,
      name text not null collate nocase, initials text not null, data text not null) without rowid;
    create index plain_by_card on plain_member (card_no);
    create index plain_by_phone on plain_member (phone);
    create index plain_by_name on plain_member (name);
    create index plain_by_initials on plain_member (initials);`);
  const insert = db.prepare('insert or replace into plain_member values (?, ?, ?, ?, ?, ?)');
  const start = performance.now();
  for (let from = 0; from < people.length; from += PAGE_ROWS) {
    db.transaction(() => {
      for (const { id, cardNo, name, phone, initials } of people.slice(from, from + PAGE_ROWS)) {
        const data = JSON.stringify({ id, cardNo, name, phone, initials, tierId: 'gold', tags: ['tea'] });
        insert.run(id, cardNo, phone, name, initials, data);
      }
    })();
  }
  const rowsPerS = people.length / ((performance.now() - start) / 1_000);
  db.close();
  return rowsPerS;
}
