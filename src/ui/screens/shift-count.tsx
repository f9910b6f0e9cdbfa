/**
 * Count: the drawer is counted blind, value by value, and only then the shift is closed and the till says what was
 * expected.
 */
import { type KeyboardEvent, useEffect, useReducer, useRef, useState } from 'react';
import type { ShiftReport } from '../../core/shift-report.ts';
import { amountText, moneyText } from '../amount.ts';
import { type Count, countedOf, countTotal, NOTHING_COUNTED, nextCount, piecesOf } from '../count.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import type { ShiftPages } from './shift-dialog.tsx';
import { ReportView } from './shift-report.tsx';

export function CountPage(props: {
  readonly pages: ShiftPages;
  readonly onClosed: (report: ShiftReport) => void;
}) {
  const { pages } = props;
  const { view, bridge, fail, dispatch } = useTill();
  // The shift that is counted: when the till has closed it, the view no longer tells.
  const [shift] = useState(view.shift);
  const [count, tell] = useReducer(nextCount, NOTHING_COUNTED);
  const denominations = view.store?.denominationsMinor ?? [];
  const close = async () => {
    if (pages.busy || shift === null) return;
    pages.setBusy(true);
    try {
      const counted = countedOf(count, denominations);
      props.onClosed(await bridge.callTwice('closeShift', { shiftId: shift.shiftId, counted }));
      dispatch({ type: 'worked' });
    } catch (thrown) {
      fail(thrown);
    } finally {
      pages.setBusy(false);
    }
  };
  return (
    <CountForm
      count={count}
      tell={tell}
      denominations={denominations}
      pages={pages}
      zNo={shift?.zNo ?? 0}
      onClose={() => void close()}
    />
  );
}

function CountForm(props: {
  readonly count: Count;
  readonly tell: (event: Parameters<typeof nextCount>[1]) => void;
  readonly denominations: readonly number[];
  readonly pages: ShiftPages;
  readonly zNo: number;
  readonly onClose: () => void;
}) {
  const { view, say, currency, dispatch } = useTill();
  const { count, tell, denominations, pages } = props;
  const [at, setAt] = useState(0);
  // A row that was just entered starts over with the next digit, as a selected text does.
  const [fresh, setFresh] = useState(true);
  const fields = useRef<(HTMLInputElement | null)[]>([]);
  const confirm = useRef<HTMLButtonElement>(null);
  const settle = useSettledEnter();
  const activeMinor = denominations[at];
  useEffect(() => {
    if (pages.scans > 0 && activeMinor !== undefined) tell({ type: 'clear', valueMinor: activeMinor });
  }, [pages.scans, activeMinor, tell]);

  const goTo = (index: number) => {
    if (index < 0) return;
    const field = fields.current[index];
    if (field == null) confirm.current?.focus();
    else field.focus();
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    if (event.nativeEvent.isComposing || event.defaultPrevented) return;
    const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1, PageDown: rows, PageUp: -rows }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    if (event.key !== 'Enter' || !event.repeat) goTo(index + by);
  };
  // Down the first column, then down the second.
  const rows = Math.ceil(denominations.length / 2);
  const open = view.basket.lines.length > 0;
  return (
    <div className="count">
      <div className="count-main">
        <ul
          className="count-rows"
          style={{ gridTemplateRows: `repeat(${rows}, ${rows > 6 ? 44 : 52}px)` }}
          data-testid="count-rows"
        >
          {denominations.map((valueMinor, index) => (
            <li key={valueMinor}>
              <label className={index === at ? 'count-row active' : 'count-row'}>
                <span className="num count-value">{moneyText(valueMinor, currency)}</span>
                <i aria-hidden="true">×</i>
                <input
                  ref={(field) => {
                    fields.current[index] = field;
                  }}
                  className="num"
                  data-testid={`count-${valueMinor}`}
                  data-first={index === 0 ? true : undefined}
                  inputMode="none"
                  autoComplete="off"
                  value={count[valueMinor] ?? ''}
                  placeholder="0"
                  onFocus={(event) => {
                    event.target.select();
                    setAt(index);
                    setFresh(true);
                  }}
                  onKeyDown={(event) => onKey(event, index)}
                  onChange={(event) => {
                    setFresh(false);
                    dispatch({ type: 'worked' });
                    tell({ type: 'typed', valueMinor, text: event.target.value });
                  }}
                />
                <span className="num count-sum">
                  {piecesOf(count, valueMinor) === 0
                    ? ''
                    : amountText(valueMinor * piecesOf(count, valueMinor), currency)}
                </span>
              </label>
            </li>
          ))}
        </ul>
        {open || view.holds.length > 0 ? (
          <p className="count-note">
            <Icon name="warning" size={20} />
            {say('count.unsold', { n: view.holds.length + (open ? 1 : 0) })}
          </p>
        ) : null}
      </div>
      <div className="count-side">
        <p className="count-total">
          <span>{say('count.total')}</span>
          <b className="num" data-testid="count-total">
            {moneyText(countTotal(count, denominations), currency)}
          </b>
        </p>
        <NumberPad
          point={false}
          onPress={(key) => {
            if (activeMinor === undefined) return;
            setFresh(false);
            dispatch({ type: 'worked' });
            tell({ type: 'pad', valueMinor: activeMinor, key, fresh });
          }}
        />
        <p className="count-keys">{say('count.keys')}</p>
        <button
          ref={confirm}
          type="button"
          className="button action"
          data-testid="z-confirm"
          disabled={pages.busy}
          onFocus={settle.onFocus}
          onKeyDown={(event) => {
            settle.onKeyDown(event);
            if (event.key === 'ArrowUp') goTo(denominations.length - 1);
          }}
          onClick={props.onClose}
        >
          {say('count.confirm', { zNo: props.zNo })} <Key name="Enter" />
        </button>
      </div>
    </div>
  );
}

/** What the count came to. */
export function ZDialog({ report }: { readonly report: ShiftReport }) {
  const { say, dispatch } = useTill();
  const settle = useSettledEnter();
  return (
    <DialogFrame
      title={say('report.z', { zNo: report.zNo })}
      size="wide"
      testId="shift-dialog"
      onScan={() => undefined}
    >
      <div className="z-done">
        <ReportView report={report} />
        <button
          type="button"
          className="button action"
          data-testid="z-done"
          data-first
          onFocus={settle.onFocus}
          onKeyDown={settle.onKeyDown}
          onClick={() => dispatch({ type: 'close' })}
        >
          {say('act.close')} <Key name="Enter" />
        </button>
      </div>
    </DialogFrame>
  );
}

/** Enter goes from row to row here, so one too many must not close a shift or put its report away unread. */
const SETTLE_MS = 400;

function useSettledEnter() {
  const focusedAtMs = useRef(0);
  return {
    onFocus: (event: { readonly timeStamp: number }) => {
      focusedAtMs.current = event.timeStamp;
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter') return;
      if (event.repeat || event.timeStamp - focusedAtMs.current < SETTLE_MS) event.preventDefault();
    },
  };
}
