/**
 * Known bugs of the line and of HQ: of acknowledgements, batches, the feed, the chain and the books.
 */

import { sign } from 'node:crypto';
import { entryHash, genesisHash, headStatement } from '../../src/core/entry.ts';
import type { Up } from '../../src/protocol/up.ts';
import { sha256 } from '../../src/till/run.ts';
import { tillIdOf } from './hq.ts';
import { deviceKeyOf } from './keys.ts';
import type { Mutant } from './mutant.ts';
import type { Simulation } from './simulation.ts';

type Push = Extract<Up, { t: 'push' }>;

export const HQ_MUTANTS: readonly Mutant[] = [
  {
    name: 'ack-before-commit',
    what: 'HQ acknowledges what it has received, then stores it',
    frames: () => ({
      up: (message, _till, answer) => {
        if (message.t !== 'push') return message;
        answer({ t: 'ack', throughSeq: message.fromSeq + message.entries.length - 1, hash: message.hash });
        return message;
      },
    }),
  },
  {
    name: 'half-batch-lost',
    what: 'a sync is interrupted half-way and the rest counts as sent (C05: odoo #261096, #203431)',
    frames: (sim) => ({
      up: (message, till, answer) => {
        if (message.t !== 'push' || message.entries.length < 2 || !sim.mutantDice.chance(30)) return message;
        const half = resigned(sim, till, {
          ...message,
          entries: message.entries.slice(0, message.entries.length >> 1),
        });
        if (half === null) return message;
        answer({ t: 'ack', throughSeq: message.fromSeq + message.entries.length - 1, hash: message.hash });
        return half;
      },
    }),
  },
  {
    name: 'chain-not-checked',
    what: 'what arrives is stored as it arrives, whatever the till has signed',
    frames: (sim) => ({
      up: (message, till) => {
        if (message.t !== 'push') return message;
        const entries = message.entries.map((text) => text.replace(/"cashierId":"01"/, '"cashierId":"02"'));
        return resigned(sim, till, { ...message, entries }) ?? message;
      },
    }),
  },
  {
    name: 'late-feed-row-skipped',
    what: "the feed's cursor passes a row that was committed late",
    frames: (sim) => ({
      down: (message) => {
        if (message.t !== 'feed' || message.rows.length < 2 || !sim.mutantDice.chance(25)) return message;
        return { ...message, rows: message.rows.filter((_, index) => index !== 0) };
      },
    }),
  },
  {
    name: 'points-doubled-on-retry',
    what: 'a till that says its sales again earns their points again (C15: OCA/pos #185)',
    hq: () => {
      let tries = 0;
      return {
        query: (text, params) => {
          if (!text.includes('insert into ledger_entry') || !text.includes('on conflict')) return null;
          tries++;
          const [holders, purses, ids, ...rest] = params;
          const fresh = (ids as string[]).map((id) => `${id}#${tries}`);
          return { text, params: [holders!, purses!, fresh, ...rest] };
        },
        committed: async (statements, db) => {
          if (!statements.some((text) => text.includes('insert into journal_entry'))) return;
          await db.query('update books_cursor set through_seq = greatest(0, through_seq - 3)');
        },
      };
    },
  },
  {
    name: 'lease-granted-twice',
    what: 'HQ hands out what another till holds already: two tills spend one purse (C14, C16, C17)',
    hq: () => ({
      query: (text, params) =>
        text.startsWith('select key, leased from right_balance where key = any($1')
          ? { text: text.replace('select key, leased', 'select key, 0::bigint as leased'), params }
          : null,
    }),
  },
  {
    name: 'wallet-never-deducted',
    what: 'stored value that was spent offline is never taken from the account (C14: odoo #108240)',
    hq: () => ({
      query: (text, params) => {
        if (!text.includes('insert into ledger_entry')) return null;
        const [holders, purses, ids, kinds, ...rest] = params as readonly (readonly string[])[];
        const hidden = kinds!.map((kind, at) => (kind === 'spend' && purses![at] !== 'points' ? 0 : 1));
        if (!hidden.includes(0)) return null;
        const moved = (rest[0] as unknown as number[]).map((points, at) => (hidden[at] === 0 ? 1 : points));
        const changed = kinds!.map((kind, at) => (hidden[at] === 0 ? 'correct' : kind));
        return {
          text,
          params: [holders!, purses!, ids!, changed, moved, ...rest.slice(1)] as typeof params,
        };
      },
    }),
  },
  {
    name: 'late-sale-reopens-z',
    what: 'a sale that comes after the Z is added to it',
    hq: () => ({
      committed: async (statements, db) => {
        if (!statements.some((text) => text.includes('insert into sale '))) return;
        await db.query(
          `update shift_z z set totals = jsonb_set(totals, '{sales}', to_jsonb((totals->>'sales')::int + 1))
           where exists (select 1 from sale s where s.journal_id = z.journal_id and s.seq > z.seq)`,
        );
      },
    }),
  },
  {
    name: 'sale-stored-twice',
    what: 'a push that was stored already is stored again, without looking at its ids',
    hq: (sim) => ({
      committed: async (statements, db) => {
        if (!statements.some((text) => text.includes('insert into sale ')) || !sim.mutantDice.chance(20))
          return;
        await db.query(
          `insert into sale select (jsonb_populate_record(s, jsonb_build_object(
             'sale_id', s.sale_id || '-again', 'journal_id', s.journal_id || '-again'))).*
           from sale s order by at desc limit 1 on conflict do nothing`,
        );
      },
    }),
  },
  {
    name: 'clone-accepted',
    what: 'two disks speak as one till, and HQ takes from both',
    hq: () => ({
      query: (text, params) =>
        text.startsWith('select journal_id as id from journal_link where till_id = $1 and follows_journal_id')
          ? { text: text.replace('where ', 'where false and '), params }
          : null,
    }),
  },
  {
    name: 'rescue-doubles',
    what: 'what is rescued from a disk is stored beside what HQ has of it already',
    hq: (sim) => ({
      committed: async (statements, db) => {
        if (!sim.care.isRescuing || !statements.some((text) => text.includes('insert into sale '))) return;
        await db.query(
          `insert into sale select (jsonb_populate_record(s, jsonb_build_object(
             'sale_id', s.sale_id || '-rescued', 'journal_id', s.journal_id || '-rescued'))).*
           from sale s order by at desc limit 1 on conflict do nothing`,
        );
      },
    }),
  },
  {
    name: 'other-rules-under-one-version',
    what: 'HQ and tills hold other rules under the same version',
    hq: () => ({
      query: (text, params) =>
        text.startsWith('select data from rule_set where version = ')
          ? {
              text: `select replace(data::text, '"rateBp": 5000', '"rateBp": 4000')::jsonb as data
                from rule_set where version = $1`,
              params,
            }
          : null,
    }),
  },
];

/** A push with other entries that HQ cannot tell from one of the till's: as if it did not check. */
function resigned(sim: Simulation, till: string, push: Push): Push | null {
  const { journalId, code, keyName, till: running } = sim.tillOf(till);
  const before = push.fromSeq - 1;
  // What HQ holds before these: its own last head, where it did take others before.
  const head = sim.hq.committed.get(journalId);
  const start = before === 0 ? genesisHash(sha256, journalId) : head?.seq === before ? head.hash : null;
  if (start === null || running === null) return null;
  const hash = push.entries.reduce((prev, text) => entryHash(sha256, prev, text), start);
  const seq = before + push.entries.length;
  const statement = headStatement(tillIdOf(code), journalId, { seq, hash });
  return { ...push, hash, sig: sign(null, statement, deviceKeyOf(keyName).key).toString('base64') };
}
