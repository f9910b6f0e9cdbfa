/**
 * Done: what to hand back and whether the paper came, in the place of the lines until the next scan or key.
 */
import type { LastSale } from '../../till/api.ts';
import { moneyText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { Icon, type IconName } from './icons.tsx';
import { Key } from './key.tsx';
import { Pill, type Tone } from './state-bar.tsx';

const DONE_WORDS = {
  sale: 'done.sold',
  refund: 'done.refundDone',
  exchange: 'done.exchanged',
} as const;

export function DonePanel({ sale }: { readonly sale: LastSale }) {
  const { say, currency, dispatch, ask } = useTill();
  const refund = sale.payableMinor < 0;
  const handMinor = refund ? Math.abs(sale.payableMinor) : sale.changeMinor;
  const label = refund ? 'done.refunded' : handMinor === 0 ? 'done.noChange' : 'done.change';
  const text = moneyText(handMinor, currency);
  return (
    <section className="done" role="status">
      <p className="done-head">
        <Icon name="check" size={28} />
        {say(DONE_WORDS[sale.kind])}
        <span>
          {say('done.receiptNo')} <b data-testid="receipt-no">{sale.receiptNo}</b>
        </span>
      </p>
      <p className="done-label">{say(label)}</p>
      <output className={text.length > 11 ? 'done-amount long' : 'done-amount'} data-testid="change-due">
        {text}
      </output>
      <dl className="done-facts">
        <Fact label={say('done.total')} text={moneyText(sale.payableMinor, currency)} />
        {refund ? null : <Fact label={say('done.received')} text={moneyText(sale.tenderedMinor, currency)} />}
        {sale.savedMinor > 0 ? (
          <Fact label={say('done.saved')} text={moneyText(sale.savedMinor, currency)} />
        ) : null}
      </dl>
      <div className="done-foot">
        <PrintPill print={sale.print} />
        <button
          type="button"
          className="button"
          data-testid="preview-open"
          onClick={() => dispatch({ type: 'open', dialog: { kind: 'receipts', saleId: sale.saleId } })}
        >
          <Icon name="receipt" /> {say('done.preview')} <Key name="⇧F7" />
        </button>
        <button
          type="button"
          className="button"
          data-testid="reprint"
          onClick={() => void ask('reprint', { saleId: sale.saleId })}
        >
          <Icon name="printer" /> {say('done.reprint')}
        </button>
      </div>
      <p className="done-next">{say('done.next')}</p>
    </section>
  );
}

function Fact({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="num">{text}</dd>
    </div>
  );
}

const PRINT_LOOK: Readonly<Record<LastSale['print'], { readonly tone: Tone; readonly icon: IconName }>> = {
  queued: { tone: 'calm', icon: 'clock' },
  sending: { tone: 'calm', icon: 'printer' },
  sent: { tone: 'good', icon: 'printer' },
  printed: { tone: 'good', icon: 'printer' },
  unknown: { tone: 'warn', icon: 'warning' },
  failed: { tone: 'bad', icon: 'warning' },
  none: { tone: 'calm', icon: 'printer' },
};

function PrintPill({ print }: { readonly print: LastSale['print'] }) {
  const { say } = useTill();
  const { tone, icon } = PRINT_LOOK[print];
  return <Pill testId="print-state" tone={tone} icon={icon} text={say(`print.${print}`)} />;
}
