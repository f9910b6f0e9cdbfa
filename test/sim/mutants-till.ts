/**
 * Known bugs at the till: of its disk, its journal, its printer, its projections and its counter.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import { NOTHING_CLAIMED } from '../../src/core/returns.ts';
import type { Mutant } from './mutant.ts';

export const TILL_MUTANTS: readonly Mutant[] = [
  {
    name: 'append-without-fsync',
    what: 'the journal is written but not synced: a power cut takes sales that were paid',
    till: () => ({
      opened: (db, room) => {
        if (room === 'journal') db.pragma('synchronous = OFF');
      },
    }),
  },
  {
    name: 'print-before-commit',
    what: 'the slip goes out before its entry is on disk',
    till: (_, of) => ({
      beforeAppend: (text) => {
        const entry = JSON.parse(text) as JournalEntry;
        if (entry.kind === 'sale') of().printer.onPaper(Buffer.from(`\n${entry.body.receiptNo}\n`, 'latin1'));
      },
    }),
  },
  {
    name: 'projection-cursor-alone',
    what: 'the cursor of the projections is moved before the rows, in no transaction with them',
    till: () => ({
      shopTransaction: (db, work, journal) => {
        const { seq } = journal.prepare('select coalesce(max(seq), 0) as seq from journal').get() as {
          seq: number;
        };
        const row = db.prepare("select value from state where name = 'sale_index'").get() as
          | { value: string }
          | undefined;
        const behind = Number(row?.value ?? 0) < seq;
        if (!behind) return db.transaction(work)();
        const put = db.prepare("insert or replace into state (name, value) values ('sale_index', ?)");
        put.run(String(seq));
        return work();
      },
    }),
  },
  {
    name: 'outbox-moved-before-ack',
    what: 'what was sent counts as delivered before HQ has said so',
    frames: (sim) => ({
      sent: (message, till) => {
        if (message.t !== 'push') return;
        const { state } = sim.tillOf(till).till!;
        state.set('acked_seq', message.fromSeq + message.entries.length - 1);
      },
    }),
  },
  {
    name: 'fresh-id-on-retry',
    what: 'a sale whose answer was lost is made again under a new id (C06: odoo #40567, erpnext #11000)',
    till: (sim, of) => ({
      made: () => {
        const { till, journalId } = of();
        const { journal, identity } = till!;
        const committed = sim.hq.committed.get(journalId)?.seq ?? 0;
        const last = journal.at(journal.head.seq)?.entry;
        if (last?.kind !== 'sale' || last.seq <= committed) return;
        const body = { ...last.body, id: till!.session.newId(), receiptSeq: last.body.receiptSeq + 1 };
        const receiptNo = `${identity.tillCode}-${String(body.receiptSeq).padStart(6, '0')}`;
        till!.commit({ kind: 'sale', body: { ...body, receiptNo } }, { timeZone: 'Asia/Shanghai' });
      },
    }),
  },
  {
    name: 'refund-twice',
    what: 'what came back already is not counted: the same line is paid back at every try (C22: pos-addons #864)',
    till: (_, of) => ({
      made: () => {
        const { returns } = of().till!;
        returns.claims = () => () => NOTHING_CLAIMED;
        returns.check = () => {};
      },
    }),
  },
  {
    name: 'refund-keeps-points',
    what: 'goods go back, what was earned on them stays (C19: odoo #257854)',
    till: (_, of) => ({
      made: () => {
        const { till } = of();
        const commit = till!.commit.bind(till!);
        till!.commit = (body, store, given) => {
          if (body.kind !== 'sale' || body.body.kind !== 'refund' || !body.body.points)
            return commit(body, store, given);
          const byLine = body.body.points.byLine.map(() => 0);
          const points = { ...body.body.points, earned: 0, byLine };
          return commit({ ...body, body: { ...body.body, points } }, store, given);
        };
      },
    }),
  },
  {
    name: 'card-asked-again',
    what: 'after a break the terminal is not asked what became of the payment, but for the money again',
    till: () => ({
      terminal: (port) => ({
        ...port,
        lookup: async () => ({ kind: 'never_asked' }),
        reverse: async () => true,
      }),
    }),
  },
  {
    name: 'card-not-called-off',
    what: 'what the terminal has not heard of yet is given up and not called off: it comes late, and is charged',
    till: () => ({
      terminal: (port) => ({ ...port, reverse: async () => true }),
    }),
  },
  {
    name: 'card-taken-for-paid',
    what: 'after a break the till takes the payment for done, whatever the bank says',
    till: () => ({
      terminal: (port) => ({
        ...port,
        lookup: async (requestId) => ({
          kind: 'approved',
          proof: { token: `vt-${requestId}`, approval: '000000', brand: 'Visa', last4: '4242' },
        }),
      }),
    }),
  },
  {
    name: 'old-key-accepted',
    what: 'a till believes whoever answers: what HQ proved itself by before is good again',
    till: (_, of) => ({
      made: () => {
        Object.assign(of().till!.link!, { pinned: null });
      },
    }),
  },
  {
    name: 'coupon-without-lease',
    what: 'a till counts uses of coupons and offers by itself alone (C16)',
    till: (_, of) => ({
      made: () => {
        of().till!.rights.usesLeft = () => ({});
      },
    }),
  },
  {
    name: 'reopened-as-draft',
    what: 'what the sync brings puts a paid basket back on the counter (C04: odoo #288974)',
    till: (sim, of) => ({
      made: () => {
        const { till } = of();
        const fed = till!.fed.bind(till!);
        let draft = till!.parking.load();
        const hold = till!.commit.bind(till!);
        till!.commit = (body, store, given) => {
          const { basket, member } = till!.checkout;
          draft = { basket, memberId: member?.id ?? null, tenders: [] };
          return hold(body, store, given);
        };
        till!.fed = (result) => {
          fed(result);
          const empty = till!.checkout.basket.lines.length === 0;
          if (draft !== null && empty && sim.mutantDice.chance(20)) till!.checkout.restore(draft);
        };
      },
    }),
  },
];
