/**
 * Offers: under the lines, what coupons did and what is short of an offer; and the dialog where coupons are entered.
 */
import { type FormEvent, useState } from 'react';
import type { CouponAnswer } from '../../core/promotion-coupon.ts';
import { couponText, manualText, nearMissText } from '../i18n/offer-text.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

/** One line of the strip; the rest is in the dialog. */
const STRIP_MISSES = 2;

export function OfferStrip({ onOpen }: { readonly onOpen: () => void }) {
  const { view, say, currency } = useTill();
  const { coupons, manual, nearMisses } = view.basket;
  const trouble = manual.map((answer) => manualText(answer, say, currency)).filter((text) => text !== null);
  if (coupons.length + nearMisses.length + trouble.length === 0) return null;
  return (
    <button type="button" className="offer-strip" tabIndex={-1} data-testid="offers" onClick={onOpen}>
      <span className="offer-list">
        {trouble.map((text) => (
          <span key={text} className="offer bad">
            <Icon name="percent" size={18} /> {text}
          </span>
        ))}
        {coupons.map((answer) => (
          <span key={answer.code} className={answer.kind === 'applied' ? 'offer good' : 'offer bad'}>
            <Icon name="ticket" size={18} /> {answer.code} {couponText(answer, say, currency)}
          </span>
        ))}
        {nearMisses.slice(0, STRIP_MISSES).map((miss) => (
          <span key={miss.ruleId} className="offer near" data-testid="near-miss">
            <Icon name="plus" size={18} /> {nearMissText(miss, say, currency)}
          </span>
        ))}
      </span>
      <Key name="⇧F6" />
    </button>
  );
}

export function CouponDialog() {
  const { view, say, currency, ask, dispatch } = useTill();
  const { coupons, nearMisses, lines } = view.basket;
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const active = coupons[Math.min(at, coupons.length - 1)];
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const code = text.trim();
    if (code === '' || busy) return;
    setBusy(true);
    const added = await ask('addCoupon', { code });
    setBusy(false);
    if (added === null) return;
    setText('');
    const answer = added.basket.coupons.find((candidate) => candidate.code === code);
    if (answer?.kind === 'applied') dispatch({ type: 'message', message: { kind: 'coupon_added', code } });
    else dispatch({ type: 'worked' });
  };
  const remove = async (code: string) => {
    if ((await ask('removeCoupon', { code })) !== null) dispatch({ type: 'worked' });
  };
  return (
    <DialogFrame
      title={say('coupon.title')}
      size="medium"
      testId="coupon-dialog"
      busy={busy}
      onKey={({ key }) => {
        if (text !== '' || coupons.length === 0) return false;
        if (key === 'ArrowDown' || key === 'ArrowUp') {
          setAt(Math.max(0, Math.min(coupons.length - 1, at + (key === 'ArrowDown' ? 1 : -1))));
          return true;
        }
        if (key !== 'Delete' || active === undefined) return false;
        void remove(active.code);
        return true;
      }}
    >
      <form className="coupon-form" onSubmit={add}>
        <label className="number-field">
          <span>{say('coupon.code')}</span>
          <span className="field-row">
            <input
              type="text"
              data-testid="coupon-code"
              data-first
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <button
              type="submit"
              className="button primary"
              data-testid="coupon-add"
              disabled={busy || text.trim() === ''}
            >
              {say('coupon.add')} <Key name="Enter" />
            </button>
          </span>
        </label>
        <div className="find-list coupons">
          {coupons.map((answer) => (
            <CouponRow
              key={answer.code}
              answer={answer}
              active={answer === active}
              onRemove={() => void remove(answer.code)}
            />
          ))}
          {coupons.length === 0 ? (
            <p className="find-empty">
              <Icon name="ticket" size={32} />
              {say(lines.length === 0 ? 'coupon.noneYet' : 'coupon.none')}
            </p>
          ) : null}
        </div>
        {nearMisses.length === 0 ? null : (
          <>
            <h3>{say('near.title')}</h3>
            <ul className="near-list">
              {nearMisses.map((miss) => (
                <li key={miss.ruleId}>
                  <Icon name="plus" size={18} /> {nearMissText(miss, say, currency)}
                </li>
              ))}
            </ul>
          </>
        )}
      </form>
    </DialogFrame>
  );
}

function CouponRow(props: {
  readonly answer: CouponAnswer;
  readonly active: boolean;
  readonly onRemove: () => void;
}) {
  const { say, currency } = useTill();
  const { answer, active } = props;
  const applied = answer.kind === 'applied';
  return (
    <div className={active ? 'coupon-row active' : 'coupon-row'} data-testid={`coupon-${answer.code}`}>
      <Icon name={applied ? 'check' : 'warning'} />
      <span className="choice-name">
        <b>{answer.code}</b>
        <small className={applied ? 'why' : 'problem'}>{couponText(answer, say, currency)}</small>
      </span>
      <button
        type="button"
        tabIndex={-1}
        className="button small"
        data-testid={`coupon-remove-${answer.code}`}
        onMouseDown={(event) => event.preventDefault()}
        onClick={props.onRemove}
      >
        {say('act.void')} {active ? <Key name="Del" /> : null}
      </button>
    </div>
  );
}
