/**
 * Side: who buys, what it comes to, and the one next action.
 */
import { cardTail } from '../../core/loyalty.ts';
import { formatRate } from '../../core/receipt.ts';
import type { MemberView } from '../../till/api.ts';
import { amountText, moneyText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { birthdayNear } from '../when.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

export function MemberCard({ onOpen }: { readonly onOpen: () => void }) {
  const { view, say } = useTill();
  const { member } = view;
  return (
    <button type="button" className="member-card" data-testid="member-card" onClick={onOpen}>
      <span className={member === null ? 'avatar none' : 'avatar'}>
        {member === null ? <Icon name="user" size={24} /> : Array.from(member.name)[0]}
      </span>
      {member === null ? (
        <span className="member-text">
          <b>{say('member.none')}</b>
          <small>{say('member.noneHint')}</small>
        </span>
      ) : (
        <MemberText member={member} today={view.businessDate} />
      )}
      <Key name="F4" />
    </button>
  );
}

function MemberText({ member, today }: { readonly member: MemberView; readonly today: string }) {
  const { say } = useTill();
  const facts = [
    member.phoneTail === null
      ? say('member.card', { tail: cardTail(member.cardNo) })
      : say('member.phone', { tail: member.phoneTail }),
  ];
  if (member.tierDiscountBp > 0) {
    facts.push(say('member.discount', { rate: formatRate(member.tierDiscountBp) }));
  }
  const birthday = birthdayNear(member.birthday, today);
  return (
    <span className="member-text">
      <b>
        {member.name} <span className="tier">{member.tierName}</span>
      </b>
      <small>{facts.join(' · ')}</small>
      {birthday === null && member.tags.length === 0 ? null : (
        <span className="member-tags">
          {birthday === null ? null : (
            <em className="birthday">
              <Icon name="cake" size={16} />
              {say(birthday === 'today' ? 'member.birthdayToday' : 'member.birthdayWeek')}
            </em>
          )}
          {member.tags.map((tag) => (
            <em key={tag}>{tag}</em>
          ))}
        </span>
      )}
    </span>
  );
}

export function Totals() {
  const { view, say, currency } = useTill();
  const { basket, payment } = view;
  const taxKey = basket.taxMode === 'inclusive' ? 'totals.taxIncluded' : 'totals.taxAdded';
  return (
    <dl className="totals">
      <Row label={say('totals.list', { pieces: basket.pieces })} amountMinor={basket.grossMinor} />
      {basket.adjustmentMinor === 0 ? null : (
        <Row label={say('totals.discounts')} amountMinor={basket.adjustmentMinor} look="why" />
      )}
      {basket.taxes.map((tax) => (
        <Row
          key={tax.taxCode}
          label={say(taxKey, { rate: formatRate(tax.rateBp) })}
          amountMinor={tax.taxMinor}
          look="minor"
        />
      ))}
      {payment.roundingMinor === 0 ? null : (
        <Row label={say('totals.rounding')} amountMinor={payment.roundingMinor} look="minor" />
      )}
      {payment.tenderedMinor === 0 ? null : (
        <Row label={say('totals.tendered')} amountMinor={-payment.tenderedMinor} />
      )}
    </dl>
  );

  function Row(props: { label: string; amountMinor: number; look?: 'why' | 'minor' }) {
    return (
      <div className={props.look ?? ''}>
        <dt>{props.label}</dt>
        <dd className="num">{amountText(props.amountMinor, currency)}</dd>
      </div>
    );
  }
}

export function DuePanel({ onCash }: { readonly onCash: () => void }) {
  const { view, say, currency } = useTill();
  const { basket, payment } = view;
  const out = payment.dueMinor < 0;
  const label = out ? 'due.payOut' : payment.tenderedMinor > 0 ? 'due.rest' : 'due.label';
  const text = moneyText(Math.abs(payment.dueMinor), currency);
  return (
    <section className="due">
      <p className="due-head">
        <span>{say(label)}</span>
        {basket.adjustmentMinor < 0 ? (
          <span>{say('due.saved', { amount: amountText(-basket.adjustmentMinor, currency) })}</span>
        ) : null}
      </p>
      <output className={text.length > 11 ? 'due-amount long' : 'due-amount'} data-testid="total-due">
        {text}
      </output>
      <button
        type="button"
        className="button action"
        data-testid="pay-cash"
        disabled={basket.lines.length === 0}
        onClick={onCash}
      >
        {say('act.cash')} <Key name="F8" />
      </button>
    </section>
  );
}
