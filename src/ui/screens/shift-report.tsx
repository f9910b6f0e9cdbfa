/**
 * Reports: an X or a Z as a person reads it, and the Zs of this till to look at again.
 */
import { useEffect, useState } from 'react';
import { formatRate } from '../../core/receipt.ts';
import { localDateTime } from '../../core/shift.ts';
import type { ShiftReport } from '../../core/shift-report.ts';
import { amountText, moneyText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { Icon, type IconName } from './icons.tsx';
import { Key } from './key.tsx';

const REPORTS_MAX = 60;

export function XPage() {
  const { ask } = useTill();
  const [report, setReport] = useState<ShiftReport | null>(null);
  useEffect(() => {
    void ask('readShift', {}).then(setReport);
  }, [ask]);
  return <div className="x-page">{report === null ? null : <ReportView report={report} />}</div>;
}

export function ReportsPage() {
  const { view, say, ask, dispatch } = useTill();
  const [reports, setReports] = useState<readonly ShiftReport[] | null>(null);
  const [at, setAt] = useState(0);
  useEffect(() => {
    void ask('zReports', { limit: REPORTS_MAX }).then((answer) => setReports(answer ?? []));
  }, [ask]);
  const shown = reports?.[at];
  const reprint = async () => {
    if (shown === undefined) return;
    if ((await ask('reprintZ', { shiftId: shown.shiftId })) === null) return;
    dispatch({ type: 'message', message: { kind: 'z_reprinted', zNo: shown.zNo } });
  };
  if (reports?.length === 0) {
    return (
      <p className="find-empty">
        <Icon name="report" size={32} />
        {say('shift.noReports')}
      </p>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move through the list wherever the focus is
    <div
      className="z-list"
      onKeyDown={(event) => {
        const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        const isList = !(event.target instanceof HTMLButtonElement);
        if (event.key === 'Enter' && isList && !event.repeat) void reprint();
        if (by === 0 || reports === null) return;
        event.preventDefault();
        setAt(Math.max(0, Math.min(reports.length - 1, at + by)));
      }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list has the focus, so that arrows reach it */}
      <div className="find-list" tabIndex={0} ref={(list) => list?.focus()}>
        {reports?.map((report, index) => (
          <button
            key={report.shiftId}
            type="button"
            tabIndex={-1}
            className={index === at ? 'choice active' : 'choice'}
            aria-pressed={index === at}
            data-testid={`z-${report.zNo}`}
            ref={(row) => {
              if (index === at) row?.scrollIntoView({ block: 'nearest' });
            }}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => setAt(index)}
          >
            <span className="choice-name">
              <b>Z{report.zNo}</b>
              <small>{localDateTime(report.atMs, view.timeZone)}</small>
            </span>
            <DifferenceMark differenceMinor={report.differenceMinor ?? 0} />
          </button>
        ))}
      </div>
      {shown === undefined ? null : (
        <div className="z-shown">
          <ReportView key={shown.shiftId} report={shown} />
          <button
            type="button"
            className="button primary"
            data-testid="z-reprint"
            onClick={() => void reprint()}
          >
            <Icon name="printer" /> {say('report.reprint', { zNo: shown.zNo })} <Key name="Enter" />
          </button>
        </div>
      )}
    </div>
  );
}

// ---- one report ----

export function ReportView({ report }: { readonly report: ShiftReport }) {
  const { view, say, currency } = useTill();
  const { totals } = report;
  const amount = (amountMinor: number) => amountText(amountMinor, currency);
  return (
    <article className="report" data-testid="report">
      <header>
        <strong>{report.kind === 'z' ? `Z${report.zNo}` : 'X'}</strong>
        <span>
          {localDateTime(totals.openedAtMs, view.timeZone)} –{' '}
          {localDateTime(report.atMs, view.timeZone).slice(5)}
        </span>
        <span>{say('bar.businessDate', { date: report.businessDate })}</span>
      </header>
      {report.differenceMinor === null ? null : <Outcome report={report} />}
      <div className="report-columns">
        <dl>
          <Row label={say('report.sales')} text={String(totals.sales)} />
          {totals.refunds === 0 ? null : <Row label={say('report.refunds')} text={String(totals.refunds)} />}
          <Row label={say('report.pieces')} text={String(totals.pieces)} />
          <Row label={say('report.gross')} text={amount(totals.grossMinor)} />
          <Row label={say('report.adjustment')} text={amount(totals.adjustmentMinor)} />
          <Row label={say('report.total')} text={amount(totals.totalMinor)} look="sum" />
          {totals.taxes.map((tax) => (
            <Row
              key={`${tax.taxCode} ${tax.rateBp}`}
              label={say('report.tax', { rate: formatRate(tax.rateBp) })}
              text={amount(tax.taxMinor)}
              look="minor"
            />
          ))}
          {totals.firstReceiptNo === null ? null : (
            <Row
              label={say('report.receipts')}
              text={receiptSpan(totals.firstReceiptNo, totals.lastReceiptNo)}
              look="minor"
            />
          )}
        </dl>
        <dl>
          <Row label={say('shift.float')} text={amount(totals.floatMinor)} />
          <Row label={say('report.cash')} text={amount(totals.cashMinor)} />
          <Row label={say('shift.paid_in')} text={amount(totals.paidInMinor)} />
          <Row label={say('shift.paid_out')} text={amount(-totals.paidOutMinor)} />
          <Row label={say('shift.drop')} text={amount(-totals.dropMinor)} />
          {report.expectedCashMinor === null ? null : (
            <Row label={say('report.expected')} text={amount(report.expectedCashMinor)} look="sum" />
          )}
          {totals.roundingMinor === 0 ? null : (
            <Row label={say('totals.rounding')} text={amount(totals.roundingMinor)} look="minor" />
          )}
          <Row label={say('report.noSales')} text={String(totals.noSales)} look="minor" />
        </dl>
      </div>
      {totals.tenders === undefined || totals.tenders.length === 0 ? null : (
        <section className="report-tenders" data-testid="report-tenders">
          <h3>{say('report.tenders')}</h3>
          <dl>
            {totals.tenders.map(({ kind, count, amountMinor }) => (
              <Row key={kind} label={`${say(`tender.${kind}`)} × ${count}`} text={amount(amountMinor)} />
            ))}
          </dl>
        </section>
      )}
      {report.kind === 'x' ? <p className="report-blind">{say('report.blind')}</p> : null}
    </article>
  );
}

function Row(props: { readonly label: string; readonly text: string; readonly look?: 'sum' | 'minor' }) {
  return (
    <div className={props.look ?? ''}>
      <dt>{props.label}</dt>
      <dd className="num">{props.text}</dd>
    </div>
  );
}

/** `NJ01-000003 – 000017`. */
export function receiptSpan(first: string, last: string | null): string {
  if (last === null || last === first) return first;
  const dash = last.lastIndexOf('-');
  const same = dash >= 0 && first.startsWith(last.slice(0, dash + 1));
  return `${first} – ${same ? last.slice(dash + 1) : last}`;
}

/** Expected, counted, and which way they differ: a colour, a word and an icon. */
function Outcome({ report }: { readonly report: ShiftReport }) {
  const { say, currency } = useTill();
  const differenceMinor = report.differenceMinor ?? 0;
  const { look, icon } = differenceLook(differenceMinor);
  return (
    <div className={`outcome ${look}`}>
      <p>
        <span>{say('report.expected')}</span>
        <b className="num">{moneyText(report.expectedCashMinor ?? 0, currency)}</b>
      </p>
      <p>
        <span>{say('report.counted')}</span>
        <b className="num">{moneyText(report.countedCashMinor ?? 0, currency)}</b>
      </p>
      <p className="outcome-difference">
        <span>
          <Icon name={icon} /> {say(`difference.${look}`)}
        </span>
        <b className="num" data-testid="z-difference">
          {differenceText(differenceMinor, moneyText(differenceMinor, currency))}
        </b>
      </p>
    </div>
  );
}

export function DifferenceMark({ differenceMinor }: { readonly differenceMinor: number }) {
  const { say, currency } = useTill();
  const { look, icon } = differenceLook(differenceMinor);
  return (
    <span className={`difference ${look}`}>
      <span>
        <Icon name={icon} size={16} /> {say(`difference.${look}`)}
      </span>
      {differenceMinor === 0 ? null : (
        <b className="num">{differenceText(differenceMinor, amountText(differenceMinor, currency))}</b>
      )}
    </span>
  );
}

function differenceLook(differenceMinor: number): {
  readonly look: 'even' | 'over' | 'short';
  readonly icon: IconName;
} {
  if (differenceMinor === 0) return { look: 'even', icon: 'check' };
  return differenceMinor > 0 ? { look: 'over', icon: 'plus' } : { look: 'short', icon: 'warning' };
}

/** The sign is always there, so that over and short are told apart without colour. */
function differenceText(differenceMinor: number, text: string): string {
  return differenceMinor > 0 ? `+${text}` : text;
}
