/**
 * Side: who buys, what it comes to, and the one next action.
 */
import { memo, useMemo } from 'react';
import { cardTail } from '../../core/loyalty.ts';
import { formatRate } from '../../core/receipt.ts';
import type { MemberView } from '../../till/api.ts';
import type { Act } from '../act.ts';
import { amountText, countText, moneyText } from '../amount.ts';
import { discountName } from '../i18n/offer-text.ts';
import type { Opening } from '../keys.ts';
import { discountsByRule, savedOn } from '../offers.ts';
import { isPayOut, whyNot } from '../paying.ts';
import { useTill } from '../till-screen.ts';
import { clockText } from '../when.ts';
import { Icon, type IconName } from './icons.tsx';
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
        <MemberText member={member} />
      )}
      <Key name="F4" />
    </button>
  );
}

function MemberText({ member }: { readonly member: MemberView }) {
  const { say } = useTill();
  const facts = [
    member.phoneTail === null
      ? say('member.card', { tail: cardTail(member.cardNo) })
      : say('member.phone', { tail: member.phoneTail }),
  ];
  if (member.tierDiscountBp > 0) {
    facts.push(say('member.discount', { rate: formatRate(member.tierDiscountBp) }));
  }
  return (
    <span className="member-text">
      <b>
        {member.name} <span className="tier">{member.tierName}</span>
      </b>
      <small>{facts.join(' · ')}</small>
      <MemberTags member={member} />
    </span>
  );
}

export function MemberTags({ member }: { readonly member: MemberView }) {
  const { say } = useTill();
  const { birthdayNear, provisional, tags } = member;
  if (birthdayNear === null && !provisional && tags.length === 0) return null;
  return (
    <span className="member-tags">
      {provisional ? (
        <em className="provisional" data-testid="provisional">
          <Icon name="clock" size={16} />
          {say('member.provisional')}
        </em>
      ) : null}
      {birthdayNear === null ? null : (
        <em className="birthday">
          <Icon name="cake" size={16} />
          {say(birthdayNear === 'today' ? 'member.birthdayToday' : 'member.birthdayWeek')}
        </em>
      )}
      {tags.map((tag) => (
        <em key={tag}>{tag}</em>
      ))}
    </span>
  );
}

/** Points confirmed by HQ, what may be spent here now, and what this basket would earn: three numbers, never one. */
export function PointsTiles() {
  const { view, say, nowMs } = useTill();
  const { member, basket } = view;
  const points = member?.points;
  if (member === null || points === null || points === undefined) return null;
  const { confirmed, confirmedAtMs, usable, pending } = points;
  const time = confirmedAtMs === null ? null : clockText(confirmedAtMs, nowMs(), view.timeZone);
  return (
    <dl className="points" data-testid="points">
      <div>
        <dt>{time === null ? say('points.confirmed') : say('points.confirmedAt', { time })}</dt>
        <dd>
          {confirmed === null ? '—' : confirmed.toLocaleString('en-US')}
          {pending === 0 ? null : <small>{say('points.pending', { n: signed(pending) })}</small>}
        </dd>
      </div>
      <div>
        <dt>{say('points.usable')}</dt>
        <dd>{usable.toLocaleString('en-US')}</dd>
      </div>
      <div>
        <dt>{say('points.earn')}</dt>
        <dd className="earn">{basket.earnPoints === null ? '—' : signed(basket.earnPoints)}</dd>
      </div>
    </dl>
  );
}

export function signed(count: number): string {
  return count > 0 ? `+${count.toLocaleString('en-US')}` : countText(count);
}

export function Totals() {
  const { view, say, currency } = useTill();
  const { basket, payment } = view;
  const rules = useMemo(() => discountsByRule(basket.lines), [basket.lines]);
  const taxKey = basket.taxMode === 'inclusive' ? 'totals.taxIncluded' : 'totals.taxAdded';
  const back = basket.lines.filter(({ qty }) => qty < 0);
  const backMinor = back.reduce((sum, line) => sum + line.netMinor, 0);
  const soldMinor = basket.lines.reduce((sum, line) => (line.qty > 0 ? sum + line.grossMinor : sum), 0);
  const sold = basket.lines.length - back.length;
  const amount = (amountMinor: number) => amountText(amountMinor, currency);
  return (
    <dl className="totals">
      {sold > 0 || back.length === 0 ? (
        <Row
          label={say('totals.list', { pieces: basket.pieces - piecesBack(back) })}
          text={amount(soldMinor)}
        />
      ) : null}
      {rules.map(({ ruleId, reason, amountMinor }) => (
        <Row key={ruleId} label={discountName(reason, say)} text={amount(amountMinor)} look="why" />
      ))}
      {back.length === 0 ? null : (
        <Row label={say('totals.back', { pieces: piecesBack(back) })} text={amount(backMinor)} look="back" />
      )}
      {basket.taxes.map((tax) => (
        <Row
          key={tax.taxCode}
          label={say(taxKey, { rate: formatRate(tax.rateBp) })}
          text={amount(tax.taxMinor)}
          look="minor"
        />
      ))}
      {payment.roundingMinor === 0 ? null : (
        <Row label={say('totals.rounding')} text={amount(payment.roundingMinor)} look="minor" />
      )}
      {payment.tenders.map(({ kind, amountMinor, detail }, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: tenders only come at the end
          key={at}
          label={`${say('totals.tendered', { tender: say(`tender.${kind}`) })} ${detail ?? ''}`.trim()}
          text={amount(-amountMinor)}
        />
      ))}
    </dl>
  );
}

function piecesBack(back: readonly { readonly qty: number }[]): number {
  return back.reduce((sum, { qty }) => sum - qty, 0);
}

/** Words and numbers only, so that an unchanged row is not drawn again. */
const Row = memo(function Row(props: {
  readonly label: string;
  readonly text: string;
  readonly look?: 'why' | 'minor' | 'back';
}) {
  return (
    <div className={props.look ?? ''}>
      <dt>{props.label}</dt>
      <dd className="num">{props.text}</dd>
    </div>
  );
});

const PAY_BUTTONS = [
  { what: 'cash', kind: 'cash', keyName: 'F8', icon: 'coins' },
  { what: 'wallet', kind: 'wallet', keyName: 'F9', icon: 'wallet' },
  { what: 'card', kind: 'card', keyName: 'F10', icon: 'card' },
] as const satisfies readonly { what: Opening; kind: string; keyName: string; icon: IconName }[];

export function DuePanel({ act }: { readonly act: Act }) {
  const { view, say, currency } = useTill();
  const { basket, payment } = view;
  const out = isPayOut(payment) || payment.dueMinor < 0;
  const exchange = basket.lines.some(({ qty }) => qty < 0) && basket.lines.some(({ qty }) => qty > 0);
  const started = payment.tenders.length > 0;
  const label = exchange
    ? out
      ? 'due.exchangeOut'
      : 'due.exchangeIn'
    : out
      ? 'due.payOut'
      : started
        ? 'due.rest'
        : 'due.label';
  const text = moneyText(Math.abs(payment.dueMinor), currency);
  const empty = basket.lines.length === 0;
  const savedMinor = savedOn(basket.lines);
  const open = (what: Opening) => act({ do: 'open', what });
  return (
    <section className="due">
      <p className="due-head">
        <span data-testid="due-label">{say(label)}</span>
        {savedMinor > 0 ? (
          <span>{say('due.saved', { amount: amountText(savedMinor, currency) })}</span>
        ) : null}
      </p>
      <output className={text.length > 11 ? 'due-amount long' : 'due-amount'} data-testid="total-due">
        {text}
      </output>
      {payment.pending !== null ? (
        <PayButton
          wide
          icon="clock"
          label={say('due.pending')}
          keyName="F8"
          testId="pay-cash"
          onPay={() => open('cash')}
        />
      ) : out ? (
        <PayButton
          wide
          icon="refund"
          label={say('due.payBack')}
          keyName="F8"
          testId="pay-cash"
          onPay={() => open('cash')}
        />
      ) : (
        <div className="pay-buttons">
          {PAY_BUTTONS.map(({ what, kind, keyName, icon }) => (
            <PayButton
              key={what}
              icon={icon}
              label={say(`tender.${kind}`)}
              keyName={keyName}
              testId={`pay-${what}`}
              first={what === 'cash'}
              disabled={empty || whyNot(kind, view) !== null}
              onPay={() => open(what)}
            />
          ))}
          <PayButton
            label={say('act.mixed')}
            icon="plus"
            keyName="⇧F8"
            testId="pay-mixed"
            disabled={empty}
            onPay={() => open('mixed')}
          />
        </div>
      )}
    </section>
  );
}

function PayButton(props: {
  readonly label: string;
  readonly icon: IconName;
  readonly keyName: string;
  readonly testId: string;
  readonly first?: boolean;
  readonly wide?: boolean;
  readonly disabled?: boolean;
  readonly onPay: () => void;
}) {
  const main = props.first === true || props.wide === true;
  return (
    <button
      type="button"
      className={main ? 'button action' : 'button pay-other'}
      data-testid={props.testId}
      disabled={props.disabled}
      onMouseDown={(event) => event.preventDefault()}
      onClick={props.onPay}
    >
      <Icon name={props.icon} /> <span>{props.label}</span> <Key name={props.keyName} />
    </button>
  );
}
