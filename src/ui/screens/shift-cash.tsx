/**
 * Cash without a sale: put in, taken out, dropped into the safe, or only looked at; each with its reason, in the journal.
 */
import { type FormEvent, useRef, useState } from 'react';
import type { CashMoveKind } from '../../core/shift-report.ts';
import { amountText, moneyText, pressPad } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import { ReasonField } from './reason-field.tsx';
import { readAmount, type ShiftPages } from './shift-dialog.tsx';

export function CashMovePage({ kind, pages }: { readonly kind: CashMoveKind; readonly pages: ShiftPages }) {
  const { say, currency, ask, dispatch } = useTill();
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const reasonField = useRef<HTMLInputElement>(null);
  const typed = readAmount(text, currency);
  const amountMinor = typed === 0 ? null : typed;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (amountMinor === null || pages.busy) return;
    if (reason.trim() === '') {
      reasonField.current?.focus();
      return;
    }
    pages.setBusy(true);
    const moved = await ask('moveCash', { kind, amountMinor, reason: reason.trim() });
    pages.setBusy(false);
    if (moved === null) return;
    pages.go('home');
    dispatch({ type: 'message', message: { kind: 'cash_moved', move: kind, amountMinor } });
  };
  return (
    <form className="two-sides" onSubmit={submit}>
      <div className="side-fields">
        <p className="shift-hint">{say(`shift.${kind}Hint`)}</p>
        <label className="cash-received">
          <span>{say('shift.amount')}</span>
          <input
            className="num"
            data-testid="cash-move-amount"
            data-first
            inputMode="none"
            autoComplete="off"
            value={text}
            placeholder={amountText(0, currency)}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <ReasonField
          of={kind}
          testId="cash-move-reason"
          fieldRef={reasonField}
          reason={reason}
          setReason={setReason}
        />
        <button
          type="submit"
          className="button action"
          data-testid="cash-move-confirm"
          disabled={pages.busy || amountMinor === null}
        >
          {say(`shift.${kind}`)}{' '}
          {amountMinor === null ? null : <b className="num">{moneyText(amountMinor, currency)}</b>}{' '}
          <Key name="Enter" />
        </button>
      </div>
      <NumberPad
        point={currency.digits > 0}
        onPress={(key) => setText(pressPad(text.replaceAll(',', ''), key, currency.digits))}
      />
    </form>
  );
}

export function NoSalePage(props: { readonly pages: ShiftPages; readonly fromHome: boolean }) {
  const { say, ask, dispatch } = useTill();
  const { pages } = props;
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '' || pages.busy) return;
    pages.setBusy(true);
    const opened = await ask('openDrawer', { reason: reason.trim() });
    pages.setBusy(false);
    if (opened === null) return;
    if (props.fromHome) pages.go('home');
    else dispatch({ type: 'close' });
    dispatch({ type: 'message', message: { kind: 'drawer_opened' } });
  };
  return (
    <form className="number-form" onSubmit={submit}>
      <p className="shift-hint">{say('shift.no_saleHint')}</p>
      <ReasonField
        of="no_sale"
        testId="no-sale-reason"
        fieldRef={field}
        reason={reason}
        setReason={setReason}
        first
      />
      <button
        type="submit"
        className="button action"
        data-testid="no-sale-confirm"
        disabled={pages.busy || reason.trim() === ''}
      >
        <Icon name="drawer" /> {say('shift.no_sale')} <Key name="Enter" />
      </button>
    </form>
  );
}
