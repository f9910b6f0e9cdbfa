/**
 * Cash: what the customer hands over, and what goes back. Less than what is due is taken as a part.
 */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { amountText, moneyText, parseAmount, pressPad } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';

export function CashDialog({ basketId }: { readonly basketId: string }) {
  const { view, say } = useTill();
  const out = view.payment.dueMinor < 0;
  const pay = usePay(basketId, view.basket.totalMinor);
  const [text, setText] = useState('');
  return (
    <DialogFrame
      title={say(out ? 'cash.payOutTitle' : 'cash.title')}
      size="wide"
      testId="cash-dialog"
      busy={pay.busy}
      onScan={() => setText('')}
    >
      {out ? <PayOut pay={pay} /> : <TakeCash pay={pay} text={text} setText={setText} />}
    </DialogFrame>
  );
}

interface Pay {
  readonly busy: boolean;
  /** @returns whether the till took the money */
  readonly run: (amountMinor: number) => Promise<boolean>;
}

function usePay(basketId: string, totalMinor: number): Pay {
  const { bridge, fail, dispatch } = useTill();
  const [busy, setBusy] = useState(false);
  const run = async (amountMinor: number) => {
    if (busy) return false;
    setBusy(true);
    try {
      await bridge.callTwice('payCash', { basketId, amountMinor, totalMinor });
      dispatch({ type: 'worked' });
      return true;
    } catch (thrown) {
      fail(thrown);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}

function TakeCash(props: {
  readonly pay: Pay;
  readonly text: string;
  readonly setText: (text: string) => void;
}) {
  const { pay, text, setText } = props;
  const { view, say, currency, ask } = useTill();
  const { dueMinor, tenderedMinor, quickMinor } = view.payment;
  const field = useRef<HTMLInputElement>(null);
  // A quick note fills the field, and the next digit starts over.
  const [quick, setQuick] = useState(false);
  useEffect(() => {
    if (quick) field.current?.select();
  }, [quick]);

  const typed = text === '' ? null : parseAmount(text, currency);
  const receivedMinor = text === '' ? dueMinor : typed;
  const type = (next: string) => {
    setQuick(false);
    setText(next);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (receivedMinor === null || (receivedMinor <= 0 && dueMinor > 0)) return;
    if (await pay.run(receivedMinor)) type('');
    field.current?.focus();
  };
  return (
    <form className="cash" onSubmit={submit}>
      <div className="cash-sums">
        <p className="cash-due">
          <span>{say(tenderedMinor > 0 ? 'due.rest' : 'due.label')}</span>
          <b className="num">{moneyText(dueMinor, currency)}</b>
        </p>
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
        {tenderedMinor > 0 ? (
          <p className="cash-tendered">
            {say('cash.tendered', { amount: moneyText(tenderedMinor, currency) })}
            <button
              type="button"
              className="button small"
              data-testid="cash-take-back"
              onClick={() => void ask('clearTenders', {})}
            >
              <Icon name="undo" /> {say('cash.takeBack')}
            </button>
          </p>
        ) : null}
      </div>
      <div className="cash-keys">
        <div className="quick">
          {quickMinor.map((amountMinor) => (
            <button
              key={amountMinor}
              type="button"
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
      <ConfirmCash busy={pay.busy} receivedMinor={receivedMinor} dueMinor={dueMinor} />
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

function ConfirmCash(props: {
  readonly busy: boolean;
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
      disabled={busy || receivedMinor === null || (receivedMinor <= 0 && dueMinor > 0)}
    >
      {busy ? say('cash.waiting') : say(part ? 'cash.confirmPart' : 'cash.confirm', { amount })}{' '}
      <Key name="Enter" />
    </button>
  );
}

function PayOut({ pay }: { readonly pay: Pay }) {
  const { view, say, currency } = useTill();
  const { dueMinor } = view.payment;
  const amount = moneyText(-dueMinor, currency);
  return (
    <div className="pay-out">
      <p className="cash-due">
        <span>{say('due.payOut')}</span>
        <b className="num">{amount}</b>
      </p>
      <p>{say('cash.payOutNote')}</p>
      <button
        type="button"
        className="button action"
        data-testid="cash-confirm"
        data-first
        disabled={pay.busy}
        onClick={() => void pay.run(dueMinor)}
      >
        {pay.busy ? say('cash.waiting') : say('cash.confirmOut', { amount })} <Key name="Enter" />
      </button>
    </div>
  );
}
