/**
 * Returns: the receipt by number or QR, then which goods come back; or goods without a receipt. They go onto the basket, so
 * that other goods beside them make it an exchange.
 */
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { receiptNumber } from '../../core/sale.ts';
import { localDateTime } from '../../core/shift.ts';
import type { SaleCard } from '../../till/api.ts';
import { amountText, pressPad } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import { PickLines } from './return-lines.tsx';
import { NoReceiptPage } from './return-plain.tsx';

const RECENT_MAX = 12;

/** A sale, and what it was found by: the till is told the same when goods of it come back. */
export interface FoundSale {
  readonly sale: SaleCard;
  readonly receipt: string;
}

export function ReturnDialog({ receipt }: { readonly receipt: string | null }) {
  const { say, ask, dispatch } = useTill();
  const [found, setFound] = useState<FoundSale | null>(null);
  const [plain, setPlain] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wholeNo, setWholeNo] = useState(0);
  const find = useCallback(
    async (text: string) => {
      const sale = await ask('findSale', { receiptNo: text });
      if (sale === null) return;
      dispatch({ type: 'worked' });
      setFound({ sale, receipt: text });
    },
    [ask, dispatch],
  );
  useEffect(() => {
    if (receipt !== null) void find(receipt);
  }, [receipt, find]);
  const home = () => {
    dispatch({ type: 'worked' });
    setFound(null);
    setPlain(false);
  };
  return (
    <DialogFrame
      title={say(plain ? 'return.plainTitle' : 'return.title')}
      size="wide"
      testId="return-dialog"
      step={plain ? 'plain' : (found?.sale.saleId ?? '')}
      busy={busy}
      onBack={found !== null || plain ? home : undefined}
      {...(found === null ? {} : { onScan: () => undefined })}
      onKey={({ key, repeat }) => {
        if (repeat) return false;
        if (key === 'F7' && found !== null) {
          setWholeNo(wholeNo + 1);
          return true;
        }
        if (key !== 'F9' || found !== null || plain) return false;
        dispatch({ type: 'worked' });
        setPlain(true);
        return true;
      }}
    >
      {plain ? (
        <NoReceiptPage busy={busy} setBusy={setBusy} />
      ) : found === null ? (
        <FindSale onFind={(text) => void find(text)} onPlain={() => setPlain(true)} />
      ) : (
        <PickLines found={found} busy={busy} setBusy={setBusy} wholeNo={wholeNo} onOther={home} />
      )}
    </DialogFrame>
  );
}

function FindSale(props: { readonly onFind: (receipt: string) => void; readonly onPlain: () => void }) {
  const { view, say } = useTill();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    props.onFind(wholeReceiptNo(text, view.till.code));
    field.current?.select();
  };
  return (
    <form className="find" onSubmit={submit}>
      <div className="find-main">
        <label className="number-field">
          <span>{say('return.query')}</span>
          <span className="field-row">
            <input
              ref={field}
              data-testid="return-query"
              type="text"
              autoComplete="off"
              spellCheck={false}
              data-first
              value={text}
              placeholder={receiptNumber(view.till.code, 123)}
              onChange={(event) => setText(event.target.value)}
            />
            <button
              type="submit"
              className="button primary"
              data-testid="return-find"
              disabled={text.trim() === ''}
            >
              {say('refund.find')} <Key name="Enter" />
            </button>
          </span>
          <small>{say('return.hint')}</small>
        </label>
        <RecentSales onPick={(sale) => props.onFind(sale.receiptNo)} />
        <button type="button" className="button" data-testid="return-plain" onClick={props.onPlain}>
          {say('return.plain')} <Key name="F9" />
        </button>
      </div>
      <NumberPad
        point={false}
        onPress={(key) => setText(key === '0' || key === '00' ? text + key : pressPad(text, key, 0))}
      />
    </form>
  );
}

/** `123` is this till's receipt `NJ01-000123`; anything else is taken as typed or scanned. */
export function wholeReceiptNo(text: string, tillCode: string): string {
  const trimmed = text.trim();
  if (/^\d{1,9}$/.test(trimmed)) return receiptNumber(tillCode, Number(trimmed));
  return /^[a-z0-9]+-\d+$/i.test(trimmed) ? trimmed.toUpperCase() : trimmed;
}

function RecentSales({ onPick }: { readonly onPick: (sale: SaleCard) => void }) {
  const { view, say, ask, currency } = useTill();
  const [sales, setSales] = useState<readonly SaleCard[] | null>(null);
  useEffect(() => {
    void ask('recentSales', { limit: RECENT_MAX }).then((cards) =>
      setSales((cards ?? []).filter((card) => card.kind !== 'refund')),
    );
  }, [ask]);
  return (
    <>
      <h3>{say('refund.recent')}</h3>
      <div className="find-list">
        {sales?.length === 0 ? (
          <p className="find-empty">
            <Icon name="receipt" size={32} />
            {say('refund.none')}
          </p>
        ) : null}
        {sales?.map((sale) => (
          <button
            key={sale.saleId}
            type="button"
            className="choice"
            data-testid={`recent-${sale.receiptNo}`}
            onClick={() => onPick(sale)}
          >
            <Icon name="receipt" />
            <span className="choice-name">
              <b>{sale.receiptNo}</b>
              <small>
                {localDateTime(sale.atMs, view.timeZone)}
                {sale.memberName === null ? '' : ` · ${sale.memberName}`}
                {sale.refundedBy === null
                  ? ''
                  : ` · ${say('refund.already', { receiptNo: sale.refundedBy })}`}
              </small>
            </span>
            <span className="money">{amountText(sale.totalMinor, currency)}</span>
          </button>
        ))}
      </div>
    </>
  );
}
