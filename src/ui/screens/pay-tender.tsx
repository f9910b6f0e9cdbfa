/**
 * Tender form: a card, a wallet, points, stored value, a gift card or a voucher. At most a code and one number; what is
 * offered is taken with Enter alone.
 */
import { type FormEvent, useRef, useState } from 'react';
import type { TenderKind } from '../../core/tender.ts';
import type { TenderAsk } from '../../till/api.ts';
import { amountText, moneyText, parseAmount, pressPad } from '../amount.ts';
import { errorText } from '../i18n/error-text.ts';
import { offeredMinor, pointsProblem, pointsWorth } from '../paying.ts';
import { type TillScreen, useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import type { Pay } from './pay-dialog.tsx';

type Kind = Exclude<TenderKind, 'cash'>;

/** Tenders that are told apart by a code. */
const WITH_CODE: readonly Kind[] = ['wallet', 'gift_card', 'voucher'];

export function TenderForm(props: { readonly kind: Kind; readonly pay: Pay }) {
  const { kind, pay } = props;
  const screen = useTill();
  const { view, say, currency } = screen;
  const [code, setCode] = useState('');
  const [text, setText] = useState('');
  const [codeActive, setCodeActive] = useState(WITH_CODE.includes(kind));
  const codeField = useRef<HTMLInputElement>(null);
  const numberField = useRef<HTMLInputElement>(null);
  const points = kind === 'points';
  const digits = points ? 0 : currency.digits;
  const offered = points ? (view.payment.points?.maxPoints ?? 0) : offeredMinor(kind, view.payment);
  const value = text === '' ? offered : parseAmount(text, { digits });
  const problem = value === null ? null : problemOf(kind, value, screen);
  const ready = value !== null && value > 0 && problem === null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // Without its code a wallet waits for the next scan.
    if (WITH_CODE.includes(kind) && kind !== 'wallet' && code.trim() === '') {
      codeField.current?.focus();
      return;
    }
    if (!ready) {
      numberField.current?.focus();
      return;
    }
    if (await pay.tender(tenderAsk(kind, value, code.trim()))) return;
    // A pay code is good once, and a wrong number is typed anew.
    setCode('');
    (codeField.current ?? numberField.current)?.focus();
  };
  return (
    <form className="pay-form" onSubmit={submit}>
      <div className="pay-fields">
        {WITH_CODE.includes(kind) ? (
          <label className="number-field">
            <span>{say(`pay.code.${kind as 'wallet' | 'gift_card' | 'voucher'}`)}</span>
            <input
              ref={codeField}
              type="text"
              className={kind === 'wallet' ? 'secret' : ''}
              data-testid="tender-code"
              data-first
              inputMode="none"
              autoComplete="off"
              spellCheck={false}
              value={code}
              placeholder={kind === 'wallet' ? say('pay.scanNow') : ''}
              onFocus={() => setCodeActive(true)}
              onChange={(event) => setCode(event.target.value)}
            />
          </label>
        ) : null}
        <label className="cash-received">
          <span>{say(points ? 'pay.points' : kind === 'voucher' ? 'pay.face' : 'shift.amount')}</span>
          <input
            ref={numberField}
            className="num"
            data-testid="tender-amount"
            data-first={WITH_CODE.includes(kind) ? undefined : true}
            inputMode="none"
            autoComplete="off"
            value={text}
            placeholder={offered === null ? '' : points ? String(offered) : amountText(offered, currency)}
            onFocus={() => setCodeActive(false)}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <Note kind={kind} value={value} problem={problem} />
      </div>
      <NumberPad
        point={digits > 0 && !codeActive}
        onPress={(key) => {
          if (!codeActive) setText(pressPad(text.replaceAll(',', ''), key, digits));
          else if (key === '0' || key === '00') setCode(code + key);
          else setCode(pressPad(code, key, 0));
        }}
      />
      <button
        type="submit"
        className="button action"
        data-testid="tender-confirm"
        disabled={pay.busy || (value !== null && !ready)}
      >
        {pay.busy ? say('cash.waiting') : actionText(kind, value, code, screen)} <Key name="Enter" />
      </button>
    </form>
  );
}

function tenderAsk(kind: Kind, value: number, code: string): TenderAsk {
  switch (kind) {
    case 'points':
      return { kind, points: value };
    case 'voucher':
      return { kind, faceMinor: value, voucherNo: code };
    case 'wallet':
      return { kind, amountMinor: value, ...(code === '' ? {} : { code }) };
    case 'gift_card':
      return { kind, amountMinor: value, code };
    default:
      return { kind, amountMinor: value };
  }
}

function problemOf(kind: Kind, value: number, { view, say, currency }: TillScreen): string | null {
  const { payment } = view;
  if (kind === 'points') {
    const found = payment.points === null ? null : pointsProblem(value, payment.points);
    return found === null ? null : errorText(found, say, currency);
  }
  if (kind === 'voucher' || value <= payment.exactDueMinor) return null;
  return errorText({ kind: 'too_much', dueMinor: payment.exactDueMinor }, say, currency);
}

function actionText(kind: Kind, value: number | null, code: string, screen: TillScreen): string {
  const { view, say, currency } = screen;
  const { points } = view.payment;
  if (kind === 'points' && points !== null && value !== null) {
    return say('pay.usePoints', { points: value, amount: moneyText(pointsWorth(value, points), currency) });
  }
  const amount = value === null ? '' : moneyText(value, currency);
  if (kind === 'wallet' && code === '') return say('pay.waitCode', { amount }).trim();
  return say('pay.by', { tender: say(`tender.${kind}`), amount }).trim();
}

/** What this tender is about, or what is wrong with the number. */
function Note(props: {
  readonly kind: Kind;
  readonly value: number | null;
  readonly problem: string | null;
}) {
  const { view, say, currency } = useTill();
  const { kind } = props;
  const { points, storedValueMinor } = view.payment;
  if (props.problem !== null) {
    return (
      <p className="pay-note bad" role="status">
        <Icon name="warning" /> {props.problem}
      </p>
    );
  }
  if (kind === 'points' && points !== null) {
    return (
      <dl className="pay-facts">
        <Fact label={say('points.usable')} text={String(points.usable)} />
        <Fact
          label={say('pay.pointsMax')}
          text={`${points.maxPoints} = ${moneyText(points.maxWorthMinor, currency)}`}
        />
        <Fact label={say('pay.pointsStep')} text={String(points.stepPoints)} />
        <Fact
          label={say('pay.pointsRate')}
          text={`${points.rate.points} = ${moneyText(points.rate.worthMinor, currency)}`}
        />
      </dl>
    );
  }
  if (kind === 'stored_value' && storedValueMinor !== null) {
    return (
      <dl className="pay-facts">
        <Fact label={say('pay.storedUsable')} text={moneyText(storedValueMinor, currency)} />
      </dl>
    );
  }
  return <p className="pay-note">{say(`pay.note.${kind as Exclude<Kind, 'points' | 'stored_value'>}`)}</p>;
}

export function Fact({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="num">{text}</dd>
    </div>
  );
}
