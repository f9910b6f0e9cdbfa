/**
 * Refund: a whole sale goes back by its receipt number. First what it would give back, then a clear yes.
 */
import { type FormEvent, useEffect, useState } from 'react';
import { receiptNumber } from '../../core/sale.ts';
import { localDateTime } from '../../core/shift.ts';
import type { SaleCard } from '../../till/api.ts';
import { amountText, countText, moneyText, pressPad, weightText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';

const RECENT_MAX = 12;

export function RefundDialog() {
  const { say } = useTill();
  const [found, setFound] = useState<SaleCard | null>(null);
  const [busy, setBusy] = useState(false);
  return (
    <DialogFrame
      title={say('refund.title')}
      size="wide"
      testId="refund-dialog"
      step={found?.saleId ?? ''}
      busy={busy}
    >
      {found === null ? (
        <FindSale onFound={setFound} />
      ) : (
        <ConfirmRefund sale={found} busy={busy} setBusy={setBusy} onOther={() => setFound(null)} />
      )}
    </DialogFrame>
  );
}

function FindSale({ onFound }: { readonly onFound: (sale: SaleCard) => void }) {
  const { view, say, ask, dispatch } = useTill();
  const [text, setText] = useState('');
  const find = async (receiptNo: string) => {
    const sale = await ask('findSale', { receiptNo });
    if (sale === null) return;
    dispatch({ type: 'worked' });
    onFound(sale);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') void find(wholeReceiptNo(text, view.till.code));
  };
  return (
    <form className="find" onSubmit={submit}>
      <div className="find-main">
        <label className="number-field">
          <span>{say('refund.query')}</span>
          <span className="field-row">
            <input
              data-testid="refund-query"
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
              data-testid="refund-find"
              disabled={text.trim() === ''}
            >
              {say('refund.find')} <Key name="Enter" />
            </button>
          </span>
          <small>{say('refund.hint')}</small>
        </label>
        <RecentSales onPick={(sale) => void find(sale.receiptNo)} />
      </div>
      <NumberPad
        point={false}
        onPress={(key) => setText(key === '0' || key === '00' ? text + key : pressPad(text, key, 0))}
      />
    </form>
  );
}

/** `123` is this till's receipt `NJ01-000123`; anything else is taken as typed. */
export function wholeReceiptNo(text: string, tillCode: string): string {
  const trimmed = text.trim().toUpperCase();
  return /^\d{1,9}$/.test(trimmed) ? receiptNumber(tillCode, Number(trimmed)) : trimmed;
}

function RecentSales({ onPick }: { readonly onPick: (sale: SaleCard) => void }) {
  const { view, say, ask, currency } = useTill();
  const [sales, setSales] = useState<readonly SaleCard[] | null>(null);
  useEffect(() => {
    void ask('recentSales', { limit: RECENT_MAX }).then((cards) =>
      setSales((cards ?? []).filter((card) => card.kind === 'sale')),
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

function ConfirmRefund(props: {
  readonly sale: SaleCard;
  readonly busy: boolean;
  readonly setBusy: (busy: boolean) => void;
  readonly onOther: () => void;
}) {
  const { view, say, currency } = useTill();
  const { sale, busy } = props;
  const refund = useRefund(props);
  const amount = moneyText(Math.abs(sale.totalMinor), currency);
  const problem =
    sale.refundedBy !== null
      ? say('refund.already', { receiptNo: sale.refundedBy })
      : sale.kind === 'refund'
        ? say('refund.isRefund')
        : null;
  return (
    <div className="refund-card" data-testid="refund-card">
      <p className="refund-head">
        <b>{sale.receiptNo}</b>
        <span>{localDateTime(sale.atMs, view.timeZone)}</span>
        {sale.memberName === null ? null : (
          <span>
            <Icon name="user" size={18} /> {sale.memberName}
          </span>
        )}
      </p>
      <SaleLines sale={sale} />
      <p className="cash-due">
        <span>{say('refund.whole')}</span>
        <b className="num">{amount}</b>
      </p>
      {problem === null ? null : (
        <p className="message-bar bad">
          <Icon name="warning" size={24} /> {problem}
        </p>
      )}
      <div className="dialog-foot">
        <button type="button" className="button" disabled={busy} onClick={props.onOther}>
          <Icon name="back" /> {say('refund.other')}
        </button>
        <button
          type="button"
          className="button action"
          data-testid="refund-confirm"
          data-first
          disabled={busy || problem !== null}
          // A held Enter that found the receipt must not answer the question too.
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          onClick={() => void refund()}
        >
          {busy ? say('cash.waiting') : say('refund.confirm')}{' '}
          {problem === null ? <b className="num">{moneyText(sale.refundMinor, currency)}</b> : null}{' '}
          <Key name="Enter" />
        </button>
      </div>
    </div>
  );
}

function useRefund(props: { readonly sale: SaleCard; readonly setBusy: (busy: boolean) => void }) {
  const { bridge, view, fail, dispatch } = useTill();
  return async () => {
    props.setBusy(true);
    try {
      const { receiptNo, returnable } = props.sale;
      const lines = returnable
        .filter(({ qtyLeft }) => qtyLeft > 0)
        .map(({ lineNo, qtyLeft }) => ({ lineNo, qty: qtyLeft }));
      const after = await bridge.call('returnLines', { receipt: receiptNo, lines });
      // With goods beside it this is an exchange, and is paid as any sale.
      if (view.basket.lines.length === 0) {
        const { basket, payment } = after;
        const [basketId, totalMinor] = [basket.id, basket.totalMinor];
        await bridge.callTwice('payCash', { basketId, amountMinor: payment.dueMinor, totalMinor });
      }
      dispatch({ type: 'close' });
    } catch (thrown) {
      fail(thrown);
    } finally {
      props.setBusy(false);
    }
  };
}

export function SaleLines({ sale }: { readonly sale: SaleCard }) {
  const { currency } = useTill();
  return (
    <ul className="sale-lines">
      {sale.lines.map((line) => (
        <li key={line.lineNo}>
          <span>{line.name}</span>
          <span className="num">
            {line.weightG === null ? `${countText(Math.abs(line.qty))} ×` : weightText(line.weightG)}
          </span>
          <span className="num">{amountText(Math.abs(line.netMinor), currency)}</span>
        </li>
      ))}
    </ul>
  );
}
