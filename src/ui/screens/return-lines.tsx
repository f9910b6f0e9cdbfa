/**
 * Picking what comes back: line by line, unit by unit, or the whole receipt with one key.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { localDateTime } from '../../core/shift.ts';
import type { ReturnableLine } from '../../till/api.ts';
import { amountText, moneyText } from '../amount.ts';
import { backMinor, lineBackMinor, NOTHING_PICKED, pick, pickAll, pickedLines, qtyOf } from '../returning.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import type { FoundSale } from './return-dialog.tsx';

export function PickLines(props: {
  readonly found: FoundSale;
  readonly busy: boolean;
  readonly setBusy: (busy: boolean) => void;
  /** Counts up with each press of the key for the whole receipt. */
  readonly wholeNo: number;
  readonly onOther: () => void;
}) {
  const { view, say, currency, ask, dispatch } = useTill();
  const { sale, receipt } = props.found;
  const { returnable } = sale;
  const [picked, setPicked] = useState(NOTHING_PICKED);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const { wholeNo } = props;
  useEffect(() => {
    if (wholeNo > 0) setPicked((before) => pickAll(before, returnable));
  }, [wholeNo, returnable]);
  const chosen = pickedLines(picked, returnable);
  const active = returnable[at];
  const left = returnable.some(({ qtyLeft }) => qtyLeft > 0);

  const send = async () => {
    if (chosen.length === 0 || props.busy) return;
    props.setBusy(true);
    const done = await ask('returnLines', { receipt, lines: chosen });
    props.setBusy(false);
    if (done !== null) dispatch({ type: 'close' });
  };
  const onKey = (event: KeyboardEvent) => {
    const { key } = event;
    const by = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    const unit = key === '+' || key === 'ArrowRight' ? 1 : key === '-' || key === 'ArrowLeft' ? -1 : 0;
    const isButton = event.target instanceof HTMLButtonElement;
    if (by !== 0) setAt(Math.max(0, Math.min(returnable.length - 1, at + by)));
    else if (active !== undefined && unit !== 0) {
      setPicked(pick(picked, active, qtyOf(picked, active) + unit));
    } else if (active !== undefined && /^\d$/.test(key)) setPicked(pick(picked, active, Number(key)));
    else if (active !== undefined && key === ' ' && !isButton) {
      setPicked(pick(picked, active, qtyOf(picked, active) > 0 ? 0 : active.qtyLeft));
    } else if (key === 'Enter' && !isButton && !event.repeat) void send();
    else return;
    event.preventDefault();
  };
  const problem = sale.kind === 'refund' ? say('refund.isRefund') : left ? null : nothingLeft();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys walk the lines wherever the focus is
    <div className="refund-card" data-testid="return-card" onKeyDown={onKey}>
      <p className="refund-head">
        <b>{sale.receiptNo}</b>
        <span>{localDateTime(sale.atMs, view.timeZone)}</span>
        {sale.memberName === null ? null : (
          <span>
            <Icon name="user" size={18} /> {sale.memberName}
          </span>
        )}
        {sale.from === 'token' ? (
          <span className="from-token">
            <Icon name="check" size={18} /> {say('return.signed')}
          </span>
        ) : null}
        <b className="num">{moneyText(sale.totalMinor, currency)}</b>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list has the focus, so that keys reach it */}
      <div className="return-lines" ref={list} tabIndex={0} data-first data-testid="return-lines">
        {returnable.map((line, index) => (
          <ReturnRow
            key={line.lineNo}
            line={line}
            active={index === at}
            qty={qtyOf(picked, line)}
            backMinor={lineBackMinor(picked, line)}
            onPick={(qty) => {
              setAt(index);
              setPicked(pick(picked, line, qty));
              list.current?.focus();
            }}
          />
        ))}
      </div>
      {problem === null ? (
        <p className="return-keys">
          <Key name="↑ ↓" /> {say('return.keyLine')} <Key name="+ −" /> {say('return.keyQty')}{' '}
          <Key name="Space" /> {say('return.keyAll')}
        </p>
      ) : (
        <p className="message-bar bad">
          <Icon name="warning" size={24} /> <span>{problem}</span>
        </p>
      )}
      <div className="dialog-foot plain">
        <button type="button" className="button" disabled={props.busy} onClick={props.onOther}>
          <Icon name="back" /> {say('refund.other')} <Key name="Esc" />
        </button>
        <button
          type="button"
          className="button"
          data-testid="return-whole"
          disabled={!left || problem !== null}
          onClick={() => {
            setPicked(pickAll(picked, returnable));
            list.current?.focus();
          }}
        >
          {say('return.whole')} <Key name="F7" />
        </button>
        <button
          type="button"
          className="button action"
          data-testid="return-confirm"
          disabled={props.busy || chosen.length === 0 || problem !== null}
          onClick={() => void send()}
        >
          {say('return.confirm')} <b className="num">{moneyText(backMinor(picked, returnable), currency)}</b>{' '}
          <Key name="Enter" />
        </button>
      </div>
    </div>
  );

  function nothingLeft(): string {
    return sale.refundedBy === null
      ? say('error.not_refundable')
      : say('refund.already', { receiptNo: sale.refundedBy });
  }
}

function ReturnRow(props: {
  readonly line: ReturnableLine;
  readonly active: boolean;
  readonly qty: number;
  readonly backMinor: number;
  readonly onPick: (qty: number) => void;
}) {
  const { say, currency } = useTill();
  const { line, active, qty } = props;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const step = (by: number, icon: 'minus' | 'plus', label: string) => (
    <button
      type="button"
      tabIndex={-1}
      className="icon-button framed"
      aria-label={label}
      data-testid={`return-${icon}-${line.lineNo}`}
      disabled={qty + by < 0 || qty + by > line.qtyLeft}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => props.onPick(qty + by)}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div
      ref={ref}
      className={`return-row${active ? ' active' : ''}${line.qtyLeft === 0 ? ' gone' : ''}`}
      data-testid={`return-line-${line.lineNo}`}
    >
      <button
        type="button"
        tabIndex={-1}
        className="return-name"
        disabled={line.qtyLeft === 0}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => props.onPick(qty > 0 ? 0 : line.qtyLeft)}
      >
        <b>{line.name}</b>
        <small>
          {line.qtyLeft === line.qtySold
            ? say('return.sold', { n: line.qtySold })
            : say('return.left', { n: line.qtyLeft, sold: line.qtySold })}
        </small>
      </button>
      {step(-1, 'minus', say('return.less'))}
      <b className="return-qty num">{qty}</b>
      {step(1, 'plus', say('return.more'))}
      <span className="num return-sum">{qty === 0 ? '' : amountText(-props.backMinor, currency)}</span>
    </div>
  );
}
