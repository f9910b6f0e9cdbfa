/**
 * Lines: what is being bought, what each line costs and why.
 */
import { memo, type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { Locale } from '../../core/item.ts';
import type { Currency } from '../../core/money.ts';
import { freshnessOf } from '../../core/pack.ts';
import type { PricedLine } from '../../core/pricing.ts';
import type { Adjustment } from '../../core/promotion.ts';
import { reasonText } from '../../core/reason.ts';
import { formatRate } from '../../core/receipt.ts';
import { amountText, countText, weightText } from '../amount.ts';
import { type Say, useLocale, useSay } from '../i18n/words.ts';
import { keepSame } from '../same.ts';
import { touchedKey } from '../selling.ts';
import type { TillScreen } from '../till-screen.ts';
import { Icon } from './icons.tsx';

const FLASH_MS = 140;
const RUN_LINES = 12;

/** Not by context: React would look through every row for one that reads it. */
export function Lines({ screen }: { readonly screen: TillScreen }) {
  const { view, say, selling, dispatch, currency } = screen;
  const { lines } = view.basket;
  const flash = touchedKey(view);
  const select = useCallback((lineNo: number) => dispatch({ type: 'select', lineNo }), [dispatch]);
  if (lines.length === 0) return <EmptyLines screen={screen} />;
  const shared = { currency, today: view.businessDate, onSelect: select };
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
        {runsOf(lines).map((run, at) => (
          <LineRun
            // biome-ignore lint/suspicious/noArrayIndexKey: a run is its place; its rows have keys of their own
            key={at}
            {...shared}
            lines={run}
            firstPlace={at * RUN_LINES + 1}
            selectedLineNo={within(run, selling.selectedLineNo)}
            touchedLineNo={within(run, view.touchedLineNo)}
            flash={within(run, view.touchedLineNo) === null ? null : flash}
          />
        ))}
      </ol>
    </section>
  );
}

function runsOf(lines: readonly PricedLine[]): PricedLine[][] {
  const runs: PricedLine[][] = [];
  for (let at = 0; at < lines.length; at += RUN_LINES) runs.push(lines.slice(at, at + RUN_LINES));
  return runs;
}

/** What concerns another run does not draw this one again. */
function within(run: readonly PricedLine[], lineNo: number | null): number | null {
  return run.some((line) => line.lineNo === lineNo) ? lineNo : null;
}

interface LineRunProps extends Pick<LineRowProps, 'currency' | 'today' | 'onSelect' | 'flash'> {
  readonly lines: readonly PricedLine[];
  readonly firstPlace: number;
  readonly selectedLineNo: number | null;
  readonly touchedLineNo: number | null;
}

/** A few lines at once: looking at each of a long basket for one that changed would take longer than drawing it. */
const LineRun = memo(function LineRun(props: LineRunProps) {
  const { lines, firstPlace, selectedLineNo, touchedLineNo, flash, ...shared } = props;
  return lines.map((line, index) => (
    <LineRow
      key={line.lineNo}
      {...shared}
      line={line}
      place={firstPlace + index}
      selected={line.lineNo === selectedLineNo}
      flash={line.lineNo === touchedLineNo ? flash : null}
    />
  ));
}, sameRun);

function sameRun(before: LineRunProps, after: LineRunProps): boolean {
  return keepSame(before, after) === before;
}

interface LineRowProps {
  readonly line: PricedLine;
  /** 1, 2, 3 … as the cashier counts them; line numbers have gaps after a void. */
  readonly place: number;
  readonly currency: Currency;
  /** `YYYY-MM-DD`: what is over by then is said. */
  readonly today: string;
  readonly selected: boolean;
  /** Changes when the line shall flash; null: not the line that a scan touched last. */
  readonly flash: string | null;
  readonly onSelect: (lineNo: number) => void;
}

/** The bridge keeps what did not change, so that a row is drawn again only when its line is another. */
const LineRow = memo(function LineRow(props: LineRowProps) {
  const { line, currency, selected, flash, today } = props;
  const say = useSay();
  const locale = useLocale();
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (selected || flash !== null) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [selected, flash]);
  useFlash(ref, flash);
  const unitPrice = amountText(line.unitPriceMinor, currency);
  const back = line.qty < 0;
  return (
    <li className={`${flash === null ? '' : 'touched'}${back ? ' back' : ''}`}>
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
          <b>
            {back ? (
              <em className="back-mark">
                <Icon name="refund" size={16} /> {say('lines.back')}
              </em>
            ) : null}
            {line.name}
          </b>
          {back ? <small className="back-from">{backText(line, say)}</small> : null}
          <PackNote line={line} today={today} say={say} />
          {line.adjustments.length > 0 ? (
            line.adjustments.map((adjustment, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is drawn anew when its reasons change
              <small key={at} className="why">
                {whyText(adjustment, say, currency, locale)}
              </small>
            ))
          ) : back ? null : (
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
});

/**
 * Lit for a moment, then plain: two frames. A running animation would be a layer of its own, made and dropped with every
 * scan, and the frames of a slow till would go into it.
 */
function useFlash(ref: RefObject<HTMLElement | null>, flash: string | null): void {
  useLayoutEffect(() => {
    const row = ref.current;
    if (flash === null || row === null) return;
    row.setAttribute('data-lit', '');
    const putOut = () => row.removeAttribute('data-lit');
    const timer = setTimeout(putOut, FLASH_MS);
    return () => {
      clearTimeout(timer);
      putOut();
    };
  }, [ref, flash]);
}

/** What the pack said of itself; red after its day. */
function PackNote({
  line,
  today,
  say,
}: {
  readonly line: PricedLine;
  readonly today: string;
  readonly say: Say;
}) {
  const { pack } = line;
  if (pack === undefined) return null;
  const { batch, expiry, bestBefore } = pack;
  const words = [
    ...(batch === undefined ? [] : [say('lines.batch', { batch })]),
    ...(expiry === undefined ? [] : [say('lines.expiry', { date: expiry })]),
    ...(bestBefore === undefined ? [] : [say('lines.bestBefore', { date: bestBefore })]),
  ];
  const freshness = freshnessOf(pack, today);
  return (
    <small className={freshness === 'fresh' ? undefined : 'pack-over'} data-testid={`pack-${line.lineNo}`}>
      {freshness === 'fresh' ? null : <Icon name="warning" size={14} />}
      {freshness === 'expired' ? `${say('lines.expired')} · ` : ''}
      {words.join(' · ')}
    </small>
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

/** Where goods that come back were sold. */
function backText(line: PricedLine, say: Say): string {
  if (line.back === undefined) return say('lines.backNoReceipt');
  return say('lines.backFrom', { receiptNo: line.back.receiptNo, lineNo: line.back.lineNo });
}

function noteOf(line: PricedLine, say: Say): string {
  if (line.priceSource === 'manual') return `${line.sku} · ${say('lines.manualPrice')}`;
  if (line.priceSource === 'embedded') return `${line.sku} · ${say('lines.embedded')}`;
  return line.weightG === null ? line.sku : `${line.sku} · ${say('lines.weighed')}`;
}

function EmptyLines({ screen }: { readonly screen: TillScreen }) {
  const { view, say } = screen;
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
