/**
 * What a sale moves in ledgers: points earned, spent, taken back and given back, value and gift cards that paid.
 *
 * Reads the sale as its till wrote it, which may be anything that adds up in money: a number that no ledger takes moves
 * nothing and is told.
 */
import { addDays, expiryOf, type LotTerms } from '../../src/core/ledger.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { NamedCard } from './card-lookup.ts';
import { entryOf, isMovable, type NewEntry, type Purse } from './ledger.ts';

export interface BookedSale {
  readonly sale: Sale;
  readonly storeId: string;
  readonly on: string;
  readonly atMs: number;
}

/** Something that HQ must look at; the sale stands. */
export interface SaleAlert {
  readonly saleId: string;
  readonly kind: string;
  readonly detail: object;
  /** Where it is not the store whose journal is booked. */
  readonly storeId?: string;
}

export interface MovementFacts {
  readonly terms: LotTerms;
  /** The members whose sales came back, as far as HQ has those sales: null: nobody's. */
  readonly ownerOf: ReadonlyMap<string, string | null>;
  /** Gift cards by what the tender names them. */
  readonly cards: ReadonlyMap<string, NamedCard>;
}

export interface Moves {
  readonly entries: readonly NewEntry[];
  readonly alerts: readonly SaleAlert[];
}

export function movesOf(booked: BookedSale, facts: MovementFacts): Moves {
  const moves = new SaleMoves(booked, facts);
  moves.points();
  for (const tender of booked.sale.tenders) {
    if (tender.kind === 'points') moves.pointsTender(tender);
    if (tender.kind === 'stored_value') moves.valueTender(tender);
    if (tender.kind === 'gift_card') moves.cardTender(tender);
  }
  return moves.done();
}

/** Sales whose goods or payments come back in this one. */
export function originalsOf(sale: Sale): Set<string> {
  const ids = sale.lines.flatMap(({ back }) => back?.saleId ?? []);
  const tenders = sale.tenders.flatMap((tender) => undoneBy(tender) ?? []);
  return new Set([...ids, ...tenders, ...(sale.refundOf === null ? [] : [sale.refundOf.saleId])]);
}

/** A till of another program may have written anything there. */
function undoneBy(tender: Sale['tenders'][number]): string | null {
  const of: unknown = 'ofSaleId' in tender ? tender.ofSaleId : null;
  return typeof of === 'string' && of.length <= 64 ? of : null;
}

type TenderOf<K> = Extract<Sale['tenders'][number], { kind: K }>;

class SaleMoves {
  private readonly booked: BookedSale;
  private readonly facts: MovementFacts;
  private readonly entries = new Map<string, NewEntry>();
  private readonly alerts: SaleAlert[] = [];

  constructor(booked: BookedSale, facts: MovementFacts) {
    this.booked = booked;
    this.facts = facts;
  }

  /** What lines earn is one lot; what goods coming back had earned is taken back by the sale that earned it. */
  points(): void {
    const { sale } = this.booked;
    const byLine = sale.points?.byLine;
    if (!Array.isArray(byLine)) return;
    let earned = 0;
    const back = new Map<string, number>();
    for (const [index, points] of byLine.entries()) {
      if (points > 0) earned += points;
      const of = sale.lines[index]?.back?.saleId ?? sale.refundOf?.saleId ?? '';
      if (points < 0) back.set(of, (back.get(of) ?? 0) + points);
    }
    const { terms } = this.facts;
    this.add('points', sale.memberId, { id: `${sale.id}:earn`, kind: 'earn', points: earned }, () => ({
      expiresOn: expiryOf(terms.expiry, this.booked.on),
    }));
    for (const [of, points] of back) {
      const facts = { id: `${sale.id}:back:${of}`, kind: 'take_back', points } as const;
      const more = { ofId: of === '' ? null : `${of}:earn`, mayOwe: terms.shortfall === 'owe' };
      this.add('points', this.ownerOf(of), facts, () => more);
    }
  }

  pointsTender(tender: TenderOf<'points'>): void {
    const { sale } = this.booked;
    if (tender.points > 0) {
      if (sale.memberId === null) this.alert('points_without_member', { points: tender.points });
      this.add('points', sale.memberId, { id: `${sale.id}:spend`, kind: 'spend', points: -tender.points });
    } else {
      const of = this.undone(tender);
      const facts = { id: `${sale.id}:give:${of}`, kind: 'give_back', points: -tender.points } as const;
      this.add('points', this.ownerOf(of), facts, () => ({ ofId: `${of}:spend`, ...this.grace() }));
    }
  }

  valueTender(tender: TenderOf<'stored_value'>): void {
    const { sale } = this.booked;
    const { amountMinor } = tender;
    if (amountMinor > 0) {
      if (sale.memberId === null) this.alert('stored_value_without_member', { amountMinor });
      const bonus = isMovable(tender.bonusMinor) && tender.bonusMinor > 0 ? tender.bonusMinor : 0;
      this.add(
        'value',
        sale.memberId,
        { id: `${sale.id}:value`, kind: 'spend', points: -amountMinor },
        () => ({
          bonus,
        }),
      );
    } else {
      const of = this.undone(tender);
      const facts = { id: `${sale.id}:value:${of}`, kind: 'give_back', points: -amountMinor } as const;
      this.add('value', this.ownerOf(of), facts, () => ({ ofId: `${of}:value`, ...this.grace() }));
    }
  }

  cardTender(tender: TenderOf<'gift_card'>): void {
    const { sale } = this.booked;
    const { amountMinor } = tender;
    const card = this.facts.cards.get(String(tender.giftCardId));
    if (card === undefined) {
      this.alert('gift_card_unknown', { tail: String(tender.giftCardId).slice(-4), amountMinor });
      return;
    }
    if (card.currency !== sale.currency) {
      this.alert('gift_card_currency', { giftCardId: card.giftCardId, amountMinor });
      return;
    }
    if (card.blocked) this.alert('gift_card_blocked', { giftCardId: card.giftCardId, amountMinor });
    const holder = card.giftCardId;
    // A sale may be paid by several cards.
    if (amountMinor > 0) {
      this.add('gift_card', holder, { id: `${sale.id}:card:${holder}`, kind: 'spend', points: -amountMinor });
    } else {
      const of = this.undone(tender);
      const facts = {
        id: `${sale.id}:card:${holder}:${of}`,
        kind: 'give_back',
        points: -amountMinor,
      } as const;
      this.add('gift_card', holder, facts, () => ({ ofId: `${of}:card:${holder}`, ...this.grace() }));
    }
  }

  private undone(tender: Sale['tenders'][number]): string {
    return undoneBy(tender) ?? this.booked.sale.refundOf?.saleId ?? '';
  }

  /** Goods are given back by whom they were sold to, whoever holds them now. */
  private ownerOf(saleId: string): string | null {
    const owner = this.facts.ownerOf.get(saleId);
    return owner === undefined ? this.booked.sale.memberId : owner;
  }

  private grace(): { readonly expiresOn: string | null } {
    const { graceDays } = this.facts.terms;
    return { expiresOn: graceDays === 0 ? null : addDays(this.booked.on, graceDays) };
  }

  /** Two tenders of one kind are one movement. */
  private add(
    purse: Purse,
    holderId: string | null,
    facts: Pick<NewEntry, 'id' | 'kind' | 'points'>,
    more: () => Partial<NewEntry> = () => ({}),
  ): void {
    const { sale, storeId, on, atMs } = this.booked;
    if (facts.points === 0 || holderId === null) return;
    const before = this.entries.get(facts.id);
    const points = (before?.points ?? 0) + facts.points;
    if (!isMovable(points)) {
      this.alert('movement_refused', { purse, kind: facts.kind, points: String(facts.points) });
      return;
    }
    const rest = more();
    const entry = entryOf({
      ...facts,
      ...rest,
      holderId,
      purse,
      points,
      atMs,
      on,
      storeId,
      saleId: sale.id,
      bonus: (before?.bonus ?? 0) + (rest.bonus ?? 0),
      currency: purse === 'points' ? null : sale.currency,
    });
    this.entries.set(facts.id, entry);
  }

  private alert(kind: string, detail: object): void {
    this.alerts.push({ saleId: this.booked.sale.id, kind, detail });
  }

  done(): Moves {
    return { entries: [...this.entries.values()], alerts: this.alerts };
  }
}
