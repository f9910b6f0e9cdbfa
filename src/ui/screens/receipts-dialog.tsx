/**
 * Receipts: the latest ones of this till, as they are on paper, to look at and to print again.
 */
import { useEffect, useState } from 'react';
import { localDateTime } from '../../core/shift.ts';
import type { ReceiptPreview, SaleCard } from '../../till/api.ts';
import { amountText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { Paper } from './paper.tsx';

const RECENT_MAX = 20;

export function ReceiptsDialog({ saleId }: { readonly saleId: string | null }) {
  const { say, ask } = useTill();
  const [sales, setSales] = useState<readonly SaleCard[] | null>(null);
  const [shownId, setShownId] = useState(saleId);
  useEffect(() => {
    void ask('recentSales', { limit: RECENT_MAX }).then((cards) => {
      setSales(cards ?? []);
      setShownId((shown) => shown ?? cards?.[0]?.saleId ?? null);
    });
  }, [ask]);
  const move = (by: number) => {
    if (sales === null) return;
    const index = sales.findIndex((sale) => sale.saleId === shownId);
    const next = sales[Math.max(0, Math.min(sales.length - 1, index + by))];
    if (next !== undefined) setShownId(next.saleId);
  };
  return (
    <DialogFrame title={say('receipts.title')} size="wide" testId="receipts-dialog">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move through the list wherever the focus is */}
      <div
        className="receipts"
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          move(event.key === 'ArrowDown' ? 1 : -1);
        }}
      >
        <div className="find-list">
          {sales?.length === 0 ? (
            <p className="find-empty">
              <Icon name="receipt" size={32} />
              {say('receipts.none')}
            </p>
          ) : null}
          {sales?.map((sale) => (
            <SaleRow
              key={sale.saleId}
              sale={sale}
              active={sale.saleId === shownId}
              onPick={() => setShownId(sale.saleId)}
            />
          ))}
        </div>
        <Preview saleId={shownId} />
      </div>
    </DialogFrame>
  );
}

function SaleRow(props: { readonly sale: SaleCard; readonly active: boolean; readonly onPick: () => void }) {
  const { view, say, currency } = useTill();
  const { sale, active } = props;
  const notes = [localDateTime(sale.atMs, view.timeZone)];
  if (sale.kind === 'refund') notes.push(say('receipts.refund'));
  if (!sale.synced) notes.push(say('receipts.waiting'));
  if (sale.refundedBy !== null) notes.push(say('refund.already', { receiptNo: sale.refundedBy }));
  return (
    <button
      type="button"
      tabIndex={-1}
      className={active ? 'choice active' : 'choice'}
      aria-pressed={active}
      data-testid={`receipt-${sale.receiptNo}`}
      onClick={props.onPick}
    >
      <Icon name={sale.kind === 'refund' ? 'refund' : 'receipt'} />
      <span className="choice-name">
        <b>{sale.receiptNo}</b>
        <small>{notes.join(' · ')}</small>
      </span>
      <span className="money">{amountText(sale.totalMinor, currency)}</span>
    </button>
  );
}

function Preview({ saleId }: { readonly saleId: string | null }) {
  const { say, ask } = useTill();
  const [preview, setPreview] = useState<ReceiptPreview | null>(null);
  const [sentId, setSentId] = useState<string | null>(null);
  useEffect(() => {
    if (saleId === null) return;
    let current = true;
    void ask('receiptPreview', { saleId }).then((answer) => {
      if (current) setPreview(answer);
    });
    return () => {
      current = false;
    };
  }, [saleId, ask]);
  const reprint = async (gift: boolean) => {
    if (saleId !== null && (await ask('reprint', { saleId, gift })) !== null) setSentId(saleId);
  };
  return (
    <div className="preview">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long slip is scrolled by keys too */}
      <div className="preview-paper" data-testid="preview" tabIndex={0}>
        {preview === null ? null : <Paper svg={preview.svg} label={preview.receiptNo} />}
      </div>
      <div className="dialog-foot">
        <span className="sent" role="status">
          {sentId !== null && sentId === saleId ? (
            <>
              <Icon name="check" /> {say('receipts.queuedNow')}
            </>
          ) : null}
        </span>
        <button
          type="button"
          className="button"
          data-testid="receipts-gift"
          disabled={saleId === null}
          onClick={() => void reprint(true)}
        >
          <Icon name="gift" /> {say('receipts.gift')}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="receipts-reprint"
          data-first
          disabled={saleId === null}
          onClick={() => void reprint(false)}
        >
          <Icon name="printer" /> {say('receipts.reprint')} <Key name="Enter" />
        </button>
      </div>
    </div>
  );
}
