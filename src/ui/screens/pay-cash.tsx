/**
 * Cash: what the customer hands over, and what goes back. Less than what is due is taken as a part.
 */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { amountText, moneyText, parseAmount, pressPad } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import type { Pay } from './pay-dialog.tsx';

export function CashForm({ pay }: { readonly pay: Pay }) {
  const { view, say, currency } = useTill();
  const { dueMinor, quickMinor } = view.payment;
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // A quick note fills the field, and the next digit starts over.
  const [quick, setQuick] = useState(false);
  useEffect(() => {
    if (quick) field.current?.select();
  }, [quick]);

  const typed = text === '' ? null : parseAmount(text, currency);
  const receivedMinor = text === '' ? dueMinor : typed;
  const ready = receivedMinor !== null && (receivedMinor > 0 || dueMinor <= 0);
  const type = (next: string) => {
    setQuick(false);
    setText(next);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (receivedMinor === null || !ready) return;
    await pay.tender({ kind: 'cash', amountMinor: receivedMinor });
    field.current?.focus();
  };
  return (
    <form className="pay-form" onSubmit={submit}>
      <div className="pay-fields">
        <label className="cash-received">
          <span>{say('cash.received')}</span>
          <input
            ref={field}
            className="num"
            data-testid="cash-amount"
            inputMode="none"
            autoComplete="off"
            data-first
            value={text}
            placeholder={amountText(dueMinor, currency)}
            onChange={(event) => type(event.target.value)}
          />
        </label>
        <Change receivedMinor={receivedMinor} dueMinor={dueMinor} />
      </div>
      <div className="cash-keys">
        <div className="quick">
          {quickMinor.map((amountMinor) => (
            <button
              key={amountMinor}
              type="button"
              tabIndex={-1}
              className="button"
              data-testid={`cash-quick-${amountMinor}`}
              onClick={() => {
                setText(amountText(amountMinor, currency));
                setQuick(true);
                field.current?.focus();
              }}
            >
              {amountText(amountMinor, currency)}
            </button>
          ))}
        </div>
        <NumberPad
          point={currency.digits > 0}
          onPress={(key) =>
            type(pressPad(quick && key !== 'back' ? '' : text.replaceAll(',', ''), key, currency.digits))
          }
        />
      </div>
      <Confirm busy={pay.busy} ready={ready} receivedMinor={receivedMinor} dueMinor={dueMinor} />
    </form>
  );
}

function Change(props: { readonly receivedMinor: number | null; readonly dueMinor: number }) {
  const { say, currency } = useTill();
  const { receivedMinor, dueMinor } = props;
  if (receivedMinor === null) {
    return (
      <p className="cash-change short">
        <span>{say('cash.typed', { example: amountText(dueMinor, currency) })}</span>
      </p>
    );
  }
  const short = receivedMinor < dueMinor;
  return (
    <p className={short ? 'cash-change short' : 'cash-change'}>
      <span>{say(short ? 'cash.short' : 'cash.change')}</span>
      <b className="num" data-testid="cash-change">
        {moneyText(Math.abs(receivedMinor - dueMinor), currency)}
      </b>
    </p>
  );
}

function Confirm(props: {
  readonly busy: boolean;
  readonly ready: boolean;
  readonly receivedMinor: number | null;
  readonly dueMinor: number;
}) {
  const { say, currency } = useTill();
  const { busy, receivedMinor, dueMinor } = props;
  const part = receivedMinor !== null && receivedMinor < dueMinor;
  const amount = moneyText(receivedMinor ?? 0, currency);
  return (
    <button
      type="submit"
      className={part ? 'button action part' : 'button action'}
      data-testid="cash-confirm"
      disabled={busy || !props.ready}
    >
      {busy ? say('cash.waiting') : say(part ? 'cash.confirmPart' : 'cash.confirm', { amount })}{' '}
      <Key name="Enter" />
    </button>
  );
}
