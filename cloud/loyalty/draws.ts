/**
 * Lucky draws at HQ (core/draw): the seed is made and promised when the draw opens, and shown with the result.
 */
import { createHash, randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  commitmentOf,
  type DrawTerms,
  drawWinners,
  oddsBp,
  type Ticket,
  ticketsHash,
  type Winner,
} from '../../src/core/draw.ts';
import type { Sha256 } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { keepVersion, type Word } from './offer-versions.ts';
import { giveRewards, type Reward } from './reward.ts';

export interface Draw extends DrawTerms {
  readonly id: string;
  readonly name: string;
  /** By prize what HQ gives by itself; a thing is handed over. */
  readonly rewards: Readonly<Record<string, Reward>>;
}

export interface DrawPage {
  readonly draw: Draw;
  readonly commitment: string;
  readonly tickets: readonly Ticket[];
  /** Of one ticket, in ten thousandths. */
  readonly oddsBp: number;
  /** null until it is drawn. */
  readonly result: DrawResult | null;
}

export interface DrawResult {
  readonly seed: string;
  readonly ticketsHash: string;
  readonly winners: readonly Winner[];
}

export type DrawRefusal =
  | { readonly kind: 'unknown_draw' }
  | { readonly kind: 'draw_taken' }
  | { readonly kind: 'drawn' }
  | { readonly kind: 'unknown_member'; readonly memberId: string };

const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Opens a draw; the same again changes nothing. @returns what HQ promises */
export async function openDraw(db: Db, draw: Draw, word: Word): Promise<Result<DrawPage, DrawRefusal>> {
  return db.transaction(async (tx) => {
    const seed = randomBytes(32).toString('hex');
    await tx.query(
      `insert into draw (draw_id, data, commitment, seed, created_at)
       values ($1, $2::jsonb, $3, $4, to_timestamp($5::float8 / 1000)) on conflict do nothing`,
      [draw.id, JSON.stringify(draw), commitmentOf(sha256, seed), seed, word.atMs],
    );
    const page = (await drawPage(tx, draw.id))!;
    const plain = JSON.parse(JSON.stringify(draw));
    if (!isDeepStrictEqual(page.draw, plain)) return err({ kind: 'draw_taken' });
    await keepVersion(tx, { kind: 'draw', id: draw.id, data: draw }, word);
    return ok(page);
  });
}

/** Tickets under a key: said again, there are no more of them. */
export async function addTickets(
  db: Db,
  asked: { readonly drawId: string; readonly key: string; readonly memberId: string; readonly count: number },
  nowMs: number,
): Promise<Result<{ readonly tickets: readonly number[] }, DrawRefusal>> {
  const { drawId, key, memberId, count } = asked;
  return db.transaction(async (tx) => {
    const [draw] = await tx.query<{ drawn: boolean }>(
      'select drawn_at is not null as drawn from draw where draw_id = $1 for update',
      [drawId],
    );
    if (draw === undefined) return err({ kind: 'unknown_draw' });
    const keys = Array.from({ length: count }, (_, index) => `${key}#${index + 1}`);
    const had = await tx.query<{ ticket_no: number }>(
      'select ticket_no from draw_ticket where draw_id = $1 and ticket_key = any($2::text[]) order by ticket_no',
      [drawId, keys],
    );
    if (had.length > 0) return ok({ tickets: had.map(({ ticket_no }) => ticket_no) });
    if (draw.drawn) return err({ kind: 'drawn' });
    const known = await tx.query('select 1 as x from member where member_id = $1', [memberId]);
    if (known.length === 0) return err({ kind: 'unknown_member', memberId });
    const made = await tx.query<{ ticket_no: number }>(
      `insert into draw_ticket (draw_id, ticket_no, member_id, ticket_key, at)
       select $1, (select coalesce(max(ticket_no), 0) from draw_ticket where draw_id = $1) + place, $2, key,
         to_timestamp($4::float8 / 1000)
       from unnest($3::text[]) with ordinality as k(key, place) returning ticket_no`,
      [drawId, memberId, keys, nowMs],
    );
    return ok({ tickets: made.map(({ ticket_no }) => ticket_no) });
  });
}

/** Draws once; after that it answers what was drawn. */
export async function drawNow(
  db: Db,
  asked: { readonly drawId: string; readonly on: string },
  nowMs: number,
): Promise<Result<DrawPage, DrawRefusal>> {
  const { drawId, on } = asked;
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ seed: string }>('select seed from draw where draw_id = $1 for update', [
      drawId,
    ]);
    if (row === undefined) return err({ kind: 'unknown_draw' });
    const page = (await drawPage(tx, drawId))!;
    if (page.result !== null) return ok(page);
    const { draw, tickets } = page;
    const winners = drawWinners(sha256, draw, row.seed, tickets);
    const result: DrawResult = { seed: row.seed, ticketsHash: ticketsHash(sha256, tickets), winners };
    await tx.query(
      `update draw set drawn_at = to_timestamp($2::float8 / 1000), result = $3::jsonb where draw_id = $1`,
      [drawId, nowMs, JSON.stringify(result)],
    );
    await giveRewards(
      tx,
      winners.flatMap(({ prizeId, ticketNo, memberId }) => {
        const reward = Object.hasOwn(draw.rewards, prizeId) ? draw.rewards[prizeId] : undefined;
        return reward === undefined ? [] : [{ memberId, reward, source: `draw:${drawId}:${ticketNo}` }];
      }),
      { on, nowMs },
    );
    return ok({ ...page, result });
  });
}

export async function drawPage(db: Queryable, drawId: string): Promise<DrawPage | null> {
  const [row] = await db.query<{ draw: Draw; commitment: string; result: DrawResult | null }>(
    'select data as draw, commitment, result from draw where draw_id = $1',
    [drawId],
  );
  if (row === undefined) return null;
  const tickets = await db.query<Ticket>(
    'select ticket_no as no, member_id as "memberId" from draw_ticket where draw_id = $1 order by ticket_no',
    [drawId],
  );
  return { ...row, tickets, oddsBp: oddsBp(row.draw, tickets.length) };
}
