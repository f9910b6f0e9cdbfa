/**
 * Cash without a sale: put in, taken out, dropped into the safe, or only looked at; each with its reason, in the journal.
 */
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import type { CashMoveKind } from '../../core/shift-report.ts';
import { amountText, moneyText, pressPad } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import { readAmount, type ShiftPages } from './shift-dialog.tsx';

/** What these shops write most; the rest is typed. */
const REASONS = {
  paid_in: ['reason.change', 'reason.float', 'reason.found'],
  paid_out: ['reason.courier', 'reason.supplies', 'reason.purchase'],
  drop: ['reason.safe', 'reason.bank', 'reason.manager'],
  no_sale: ['reason.swap', 'reason.check', 'reason.forgotten'],
} as const;

const REASON_CHARS_MAX = 120;

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

function ReasonField(props: {
  readonly of: keyof typeof REASONS;
  readonly testId: string;
  readonly fieldRef: React.RefObject<HTMLInputElement | null>;
  readonly reason: string;
  readonly setReason: (reason: string) => void;
  readonly first?: boolean;
}) {
  const { say } = useTill();
  const { reason, setReason } = props;
  const quick = REASONS[props.of].map((key) => say(key));
  const walk = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || event.nativeEvent.isComposing) return;
    event.preventDefault();
    const at = quick.indexOf(reason);
    const from = at < 0 && by < 0 ? 0 : at;
    setReason(quick[(from + by + quick.length) % quick.length]!);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows walk the quick reasons from the field and from them
    <div className="reason" onKeyDown={walk}>
      <label className="number-field">
        <span>
          {say('shift.reason')} <Key name="↑ ↓" />
        </span>
        <input
          ref={props.fieldRef}
          type="text"
          data-testid={props.testId}
          data-first={props.first}
          autoComplete="off"
          maxLength={REASON_CHARS_MAX}
          value={reason}
          placeholder={say('shift.reasonHint')}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <div className="quick three">
        {quick.map((text, at) => (
          <button
            key={text}
            type="button"
            tabIndex={-1}
            className="button"
            aria-pressed={reason === text}
            data-testid={`reason-${at}`}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => setReason(text)}
          >
            {text}
          </button>
        ))}
      </div>
    </div>
  );
}
