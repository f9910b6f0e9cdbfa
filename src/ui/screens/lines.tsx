/**
 * Lines: what is being bought, what each line costs and why.
 */
import { memo, useEffect, useRef } from 'react';
import type { Locale } from '../../core/item.ts';
import type { Currency } from '../../core/money.ts';
import type { PricedLine } from '../../core/pricing.ts';
import type { Adjustment } from '../../core/promotion.ts';
import { reasonText } from '../../core/reason.ts';
import { formatRate } from '../../core/receipt.ts';
import { amountText, countText, weightText } from '../amount.ts';
import { type Say, useLocale, useSay } from '../i18n/words.ts';
import { touchedKey } from '../selling.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';

export function Lines() {
  const { view, say, selling, dispatch, currency } = useTill();
  const { lines } = view.basket;
  if (lines.length === 0) return <EmptyLines />;
  const flash = touchedKey(view);
  return (
    <section className="lines" aria-label={say('lines.title')}>
      <div className="line line-head" aria-hidden="true">
        <span>#</span>
        <span>{say('lines.item')}</span>
        <span className="num">{say('lines.qty')}</span>
        <span className="num">{say('lines.unitPrice')}</span>
        <span className="num">{say('lines.subtotal')}</span>
      </div>
      <ol>
        {lines.map((line, index) => (
          <LineRow
            key={line.lineNo}
            line={line}
            place={index + 1}
            currency={currency}
            selected={line.lineNo === selling.selectedLineNo}
            flash={line.lineNo === view.touchedLineNo ? flash : null}
            onSelect={(lineNo) => dispatch({ type: 'select', lineNo })}
          />
        ))}
      </ol>
    </section>
  );
}

interface LineRowProps {
  readonly line: PricedLine;
  /** 1, 2, 3 … as the cashier counts them; line numbers have gaps after a void. */
  readonly place: number;
  readonly currency: Currency;
  readonly selected: boolean;
  /** Changes when the line shall flash; null: not the line that a scan touched last. */
  readonly flash: string | null;
  readonly onSelect: (lineNo: number) => void;
}

const LineRow = memo(function LineRow(props: LineRowProps) {
  const { line, currency, selected, flash } = props;
  const say = useSay();
  const locale = useLocale();
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (selected || flash !== null) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [selected, flash]);
  const unitPrice = amountText(line.unitPriceMinor, currency);
  return (
    <li className={flash === null ? '' : 'touched'}>
      {flash === null ? null : <i key={flash} className="flash" />}
      <button
        ref={ref}
        type="button"
        tabIndex={-1}
        className="line"
        aria-pressed={selected}
        data-testid={`line-${line.lineNo}`}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => props.onSelect(line.lineNo)}
      >
        <span className="line-place">{props.place}</span>
        <span className="line-name">
          <b>{line.name}</b>
          {line.adjustments.length > 0 ? (
            line.adjustments.map((adjustment) => (
              <small key={adjustment.ruleId} className="why">
                {whyText(adjustment, say, currency, locale)}
              </small>
            ))
          ) : (
            <small>{noteOf(line, say)}</small>
          )}
        </span>
        <span className="num">
          {line.weightG === null ? countText(line.qty) : weightText(line.weightG * Math.sign(line.qty))}
        </span>
        <span className="num">
          {line.weightG === null ? unitPrice : say('lines.perKg', { price: unitPrice })}
        </span>
        <span className="num line-net">
          <b>{amountText(line.netMinor, currency)}</b>
          {line.netMinor === line.grossMinor ? null : <s>{amountText(line.grossMinor, currency)}</s>}
        </span>
      </button>
    </li>
  );
}, sameLine);

/** Each view is new from the wire; a row is drawn again only when what it shows is different. */
function sameLine(a: LineRowProps, b: LineRowProps): boolean {
  return (
    a.place === b.place &&
    a.selected === b.selected &&
    a.flash === b.flash &&
    a.currency.code === b.currency.code &&
    JSON.stringify(a.line) === JSON.stringify(b.line)
  );
}

function whyText(adjustment: Adjustment, say: Say, currency: Currency, locale: Locale): string {
  const { reason, amountMinor } = adjustment;
  if (reason.kind !== 'tier') {
    return `${reasonText(reason, locale, currency.digits)}  ${amountText(amountMinor, currency)}`;
  }
  return say('lines.tier', {
    tier: reason.tierName,
    rate: formatRate(reason.rateBp),
    amount: amountText(amountMinor, currency),
  });
}

function noteOf(line: PricedLine, say: Say): string {
  if (line.priceSource === 'manual') return `${line.sku} · ${say('lines.manualPrice')}`;
  if (line.priceSource === 'embedded') return `${line.sku} · ${say('lines.embedded')}`;
  return line.weightG === null ? line.sku : `${line.sku} · ${say('lines.weighed')}`;
}

function EmptyLines() {
  const { view, say } = useTill();
  if (view.store === null) {
    return (
      <section className="lines-empty">
        <Icon name="sync" size={48} />
        <h2>{say('lines.noStore')}</h2>
        <p>{say('lines.noStoreHint')}</p>
      </section>
    );
  }
  return (
    <section className="lines-empty">
      <Icon name="scanner" size={56} />
      <h2>{say('lines.emptyTitle')}</h2>
      <p>{say('lines.emptyHint')}</p>
      <p>{say('lines.emptyMember')}</p>
      {view.till.virtualDevices ? <p>{say('lines.emptyDemo')}</p> : null}
    </section>
  );
}
