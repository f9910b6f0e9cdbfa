/**
 * Gift cards: issued with a code that HQ shows once and keeps as a hash, and a ledger of their own.
 */
import { randomBytes } from 'node:crypto';
import { rightKey } from '../../src/core/lease.ts';
import { addMonths } from '../../src/core/ledger.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { topUpOf, type ValueRefusal } from '../../src/core/stored-value.ts';
import type { Db, Queryable } from '../db/db.ts';
import { codeHash } from '../leases/keys.ts';
import { takenFromLeased } from '../leases/leases.ts';
import { vaultOf } from '../vault/vault.ts';
import { type Buyer, registerBuyer } from './buyers.ts';
import { cardsNamed } from './card-lookup.ts';
import { entryOf, type NewEntry, record } from './ledger.ts';
import { currentPolicy, utcDate } from './member-ledger.ts';
import { type KeyTaken, once } from './request.ts';
import { serial } from './serial.ts';

export type CardRefusal =
  | KeyTaken
  | ValueRefusal
  | { readonly kind: 'unknown_card' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'buyer_missing'; readonly registerFromMinor: number }
  | { readonly kind: 'not_enough'; readonly balance: number }
  | { readonly kind: 'unknown_spend'; readonly ofKey: string }
  | { readonly kind: 'more_than_spent'; readonly openMinor: number };

export interface CardState {
  readonly giftCardId: string;
  readonly codeTail: string;
  readonly currency: string;
  readonly balanceMinor: number;
  readonly validTo: string | null;
  readonly blocked: boolean;
  readonly memberId: string | null;
}

export interface IssuedCard extends CardState {
  /** Shown once: asked again under the same key it is null, and a replacement gives a new one. */
  readonly code: string | null;
}

export interface CardAsked {
  readonly key: string;
  readonly nowMs: number;
  readonly on?: string;
}

/** @param asked `memberId`: a named card; `buyer`: who has to be registered */
export async function issueCard(
  db: Db,
  asked: CardAsked & {
    readonly amountMinor: number;
    readonly currency: string;
    readonly memberId?: string;
    readonly buyer?: Buyer;
  },
): Promise<Result<IssuedCard, CardRefusal>> {
  const { nowMs, on = utcDate(nowMs), amountMinor, currency, memberId, buyer } = asked;
  let code: string | null = null;
  // What is kept of a request is a hash of its words: of a document's number anybody could try them all.
  const blinded = buyer === undefined ? undefined : vaultOf(db).blind('buyer', JSON.stringify(buyer));
  const words = { ...asked, buyer: blinded };
  const done = await cardOnce(db, 'issue', words, async (tx) => {
    const policy = await currentPolicy(tx);
    const isNamed = memberId !== undefined;
    const top = topUpOf(policy, { amountMinor, currency, principalMinor: 0, isNamed, on });
    if (!top.ok) return top;
    if (amountMinor >= policy.registerFromMinor && buyer === undefined) {
      return err({ kind: 'buyer_missing', registerFromMinor: policy.registerFromMinor });
    }
    const giftCardId = `gc_${randomBytes(9).toString('base64url')}`;
    code = newCode();
    await tx.query(
      `insert into gift_card (gift_card_id, code_hash, code_tail, currency, named_member_id, policy_version, valid_to, issued_at)
       values ($1, $2, $3, $4, $5, $6, $7::date, to_timestamp($8::float8 / 1000))`,
      [
        giftCardId,
        codeHash(code),
        code.slice(-4),
        currency,
        memberId ?? null,
        policy.version,
        top.value.expiresOn,
        nowMs,
      ],
    );
    if (buyer !== undefined) {
      const keepTo = addMonths(on, 12 * policy.registerYears);
      await registerBuyer(tx, { ...buyer, giftCardId, amountMinor, currency, atMs: nowMs, keepTo });
    }
    const { expiresOn } = top.value;
    await move(tx, { giftCardId, currency }, asked, [
      { id: `card:${asked.key}`, kind: 'top_up', points: amountMinor, expiresOn },
    ]);
    return ok((await cardState(tx, giftCardId))!);
  });
  return done.ok ? ok({ ...done.value, code }) : done;
}

/** Also of a card whose code was never seen, or was seen by too many: the old code is worth nothing from now on. */
export async function replaceCode(
  db: Db,
  asked: CardAsked & { readonly giftCardId: string },
): Promise<Result<IssuedCard, CardRefusal>> {
  let code: string | null = null;
  const done = await cardOnce(db, 'replace', asked, async (tx) => {
    code = newCode();
    const rows = await tx.query(
      `update gift_card set code_hash = $2, code_tail = $3, blocked_at = null where gift_card_id = $1 returning 1 as x`,
      [asked.giftCardId, codeHash(code), code.slice(-4)],
    );
    if (rows.length === 0) return err({ kind: 'unknown_card' });
    return ok((await cardState(tx, asked.giftCardId))!);
  });
  return done.ok ? ok({ ...done.value, code }) : done;
}

/** Reported lost. Sales that tills make with it all the same are told. */
export async function blockCard(db: Db, giftCardId: string, nowMs: number): Promise<CardState | null> {
  await db.query(
    'update gift_card set blocked_at = coalesce(blocked_at, to_timestamp($2::float8 / 1000)) where gift_card_id = $1',
    [giftCardId, nowMs],
  );
  return cardState(db, giftCardId);
}

export interface CardMoney extends CardAsked {
  /** The card's id or its code. */
  readonly card: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export async function topUpCard(db: Db, asked: CardMoney): Promise<Result<CardState, CardRefusal>> {
  return cardMove(db, 'top_up', asked, async (tx, card) => {
    const policy = await currentPolicy(tx);
    const { amountMinor, currency, nowMs, on = utcDate(nowMs), key } = asked;
    const isNamed = card.memberId !== null;
    const facts = { amountMinor, currency, principalMinor: card.balanceMinor, isNamed, on };
    const top = topUpOf(policy, facts);
    if (!top.ok) return top;
    return ok([{ id: `card:${key}`, kind: 'top_up', points: amountMinor, expiresOn: top.value.expiresOn }]);
  });
}

export async function spendCard(db: Db, asked: CardMoney): Promise<Result<CardState, CardRefusal>> {
  return cardMove(db, 'spend', asked, async (_, card) =>
    card.balanceMinor < asked.amountMinor
      ? err({ kind: 'not_enough', balance: card.balanceMinor })
      : ok([{ id: `card-spend:${asked.key}`, kind: 'spend', points: -asked.amountMinor }]),
  );
}

/** @param asked `ofKey`: the key of the spend */
export async function giveBackCard(
  db: Db,
  asked: CardMoney & { readonly ofKey: string },
): Promise<Result<CardState, CardRefusal>> {
  const ofId = `card-spend:${asked.ofKey}`;
  return cardMove(db, 'give_back', asked, async (tx, card) => {
    const [spent] = await tx.query<{ open: number }>(
      `select (-e.points - coalesce((select sum(g.points) from ledger_entry g where g.holder_id = e.holder_id
         and g.purse = e.purse and g.kind = 'give_back' and g.of_id = e.entry_id), 0))::bigint as open
       from ledger_entry e where e.holder_id = $1 and e.purse = 'gift_card' and e.entry_id = $2`,
      [card.giftCardId, ofId],
    );
    if (spent === undefined) return err({ kind: 'unknown_spend', ofKey: asked.ofKey });
    if (asked.amountMinor > spent.open) return err({ kind: 'more_than_spent', openMinor: spent.open });
    return ok([{ id: `card-back:${asked.key}`, kind: 'give_back', points: asked.amountMinor, ofId }]);
  });
}

type Move = Pick<NewEntry, 'id' | 'kind' | 'points'> & Partial<NewEntry>;

async function cardMove(
  db: Db,
  op: string,
  asked: CardMoney,
  movesOf: (tx: Queryable, card: CardState) => Promise<Result<readonly Move[], CardRefusal>>,
): Promise<Result<CardState, CardRefusal>> {
  return cardOnce(db, op, asked, async (tx) => {
    const named = (await cardsNamed(tx, [asked.card])).get(asked.card);
    if (named === undefined) return err({ kind: 'unknown_card' });
    if (named.currency !== asked.currency) return err({ kind: 'other_currency', currency: named.currency });
    // Two spends of one card wait for each other here.
    await tx.query('select 1 from gift_card where gift_card_id = $1 for update', [named.giftCardId]);
    const card = (await cardState(tx, named.giftCardId))!;
    if (card.blocked) return err({ kind: 'blocked' });
    const moves = await movesOf(tx, card);
    if (!moves.ok) return moves;
    const short = await move(tx, named, asked, moves.value);
    return short === null ? ok((await cardState(tx, card.giftCardId))!) : err(short);
  });
}

async function move(
  tx: Queryable,
  { giftCardId, currency }: { readonly giftCardId: string; readonly currency: string },
  { nowMs, on = utcDate(nowMs) }: CardAsked,
  moves: readonly Move[],
): Promise<CardRefusal | null> {
  const account = { holderId: giftCardId, purse: 'gift_card', atMs: nowMs, on, currency } as const;
  const [state] = await record(
    tx,
    moves.map((each) => entryOf({ ...each, ...account })),
    nowMs,
  );
  const owed = state!.ledger.owed.some(({ movementId }) => moves.some(({ id }) => id === movementId));
  if (owed) return { kind: 'not_enough', balance: 0 };
  const taken = -moves.reduce((sum, { points }) => sum + Math.min(0, points), 0);
  const beyond = taken === 0 ? 0 : await takenFromLeased(tx, [rightKey.giftCard(giftCardId)]);
  return beyond > 0 ? { kind: 'not_enough', balance: Math.max(0, taken - beyond) } : null;
}

export async function cardState(tx: Queryable, giftCardId: string): Promise<CardState | null> {
  const [row] = await tx.query<CardState>(
    `select c.gift_card_id as "giftCardId", c.code_tail as "codeTail", c.currency,
       coalesce(a.balance, 0)::bigint as "balanceMinor", c.valid_to as "validTo", c.blocked_at is not null as blocked,
       c.named_member_id as "memberId"
     from gift_card c left join ledger_account a on a.holder_id = c.gift_card_id and a.purse = 'gift_card'
     where c.gift_card_id = $1`,
    [giftCardId],
  );
  return row ?? null;
}

/** By id or code. */
export async function findCard(tx: Queryable, card: string): Promise<CardState | null> {
  const named = (await cardsNamed(tx, [card])).get(card);
  return named === undefined ? null : cardState(tx, named.giftCardId);
}

function cardOnce(
  db: Db,
  op: string,
  asked: CardAsked,
  work: (tx: Queryable) => Promise<Result<CardState, CardRefusal>>,
): Promise<Result<CardState, CardRefusal>> {
  const { nowMs, ...words } = asked;
  return once<CardState, CardRefusal>(db, { key: `card:${asked.key}`, asked: { op, ...words }, nowMs }, work);
}

/** `GC-` and 16 signs: 80 bits that nobody guesses. */
function newCode(): string {
  return `GC-${serial(16)}`;
}
