/**
 * Shift: the drawer session. Its home page says how it stands and leads to everything that moves cash without a sale;
 * Esc leads back.
 */
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { LINE_MINOR_MAX } from '../../core/basket.ts';
import { localDateTime } from '../../core/shift.ts';
import type { ShiftReport } from '../../core/shift-report.ts';
import type { ShiftView } from '../../till/api.ts';
import { amountText, moneyText, parseAmount, pressPad } from '../amount.ts';
import { SHIFT_KEYS, type ShiftPage, shiftPageOf } from '../keys.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon, type IconName } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import { CashMovePage, NoSalePage } from './shift-cash.tsx';
import { CountPage, ZDialog } from './shift-count.tsx';
import { ReportsPage, XPage } from './shift-report.tsx';

const TITLES = {
  home: 'shift.title',
  paid_in: 'shift.paid_in',
  paid_out: 'shift.paid_out',
  drop: 'shift.drop',
  no_sale: 'shift.no_sale',
  x: 'shift.x',
  count: 'shift.count',
  reports: 'shift.reports',
} as const satisfies Readonly<Record<ShiftPage, string>>;

/** What the pages of the dialog share with its frame. */
export interface ShiftPages {
  readonly busy: boolean;
  readonly setBusy: (busy: boolean) => void;
  readonly go: (page: ShiftPage) => void;
  /** Counts up when a code was scanned into the dialog: the page takes back what it typed. */
  readonly scans: number;
}

export function ShiftDialog({ start }: { readonly start: 'home' | 'no_sale' }) {
  const { view, say, dispatch } = useTill();
  const [page, setPage] = useState<ShiftPage>(start);
  const [busy, setBusy] = useState(false);
  const [scans, setScans] = useState(0);
  const [closed, setClosed] = useState<ShiftReport | null>(null);
  const go = (next: ShiftPage) => {
    dispatch({ type: 'worked' });
    setPage(next);
  };
  const pages: ShiftPages = { busy, setBusy, go, scans };
  if (closed !== null) return <ZDialog key="z" report={closed} />;
  return (
    <DialogFrame
      key="pages"
      title={say(TITLES[page])}
      size={page === 'no_sale' ? 'small' : 'wide'}
      testId="shift-dialog"
      step={`${page} ${view.shift?.shiftId}`}
      busy={busy}
      onBack={page === start ? undefined : () => go(start)}
      onScan={() => setScans(scans + 1)}
    >
      <Page page={page} pages={pages} fromHome={start === 'home'} onClosed={setClosed} />
    </DialogFrame>
  );
}

function Page(props: {
  readonly page: ShiftPage;
  readonly pages: ShiftPages;
  readonly fromHome: boolean;
  readonly onClosed: (report: ShiftReport) => void;
}) {
  const { page, pages } = props;
  const key = pages.scans;
  switch (page) {
    case 'home':
      return <Home pages={pages} />;
    case 'paid_in':
    case 'paid_out':
    case 'drop':
      return <CashMovePage key={`${page} ${key}`} kind={page} pages={pages} />;
    case 'no_sale':
      return <NoSalePage key={key} pages={pages} fromHome={props.fromHome} />;
    case 'x':
      return <XPage />;
    case 'count':
      return <CountPage pages={pages} onClosed={props.onClosed} />;
    case 'reports':
      return <ReportsPage />;
  }
}

function Home({ pages }: { readonly pages: ShiftPages }) {
  const { view, say } = useTill();
  const { shift } = view;
  const onKey = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey, repeat, nativeEvent } = event;
    const composing = nativeEvent.isComposing;
    const press = { key, ctrl: ctrlKey || metaKey, alt: altKey, shift: shiftKey, repeat, composing };
    const page = shiftPageOf(press, shift !== null);
    if (page === null) return;
    event.preventDefault();
    pages.go(page);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the buttons work wherever the focus is
    <div className="shift" onKeyDown={onKey}>
      {shift === null ? <OpenShift key={pages.scans} pages={pages} /> : <ShiftFacts shift={shift} />}
      <div className={shift === null ? 'shift-acts few' : 'shift-acts'}>
        {shift === null ? null : (
          <>
            <PageButton to="paid_in" icon="cashIn" testId="shift-paid-in" pages={pages} first />
            <PageButton to="paid_out" icon="cashOut" testId="shift-paid-out" pages={pages} />
            <PageButton to="drop" icon="safe" testId="shift-drop" pages={pages} />
          </>
        )}
        <PageButton to="no_sale" icon="drawer" testId="no-sale" pages={pages} />
        {shift === null ? null : <PageButton to="x" icon="report" testId="shift-x" pages={pages} />}
        <PageButton to="reports" icon="receipt" testId="shift-reports" pages={pages} />
      </div>
      {shift === null ? null : (
        <button
          type="button"
          className="button action"
          data-testid="shift-z"
          onClick={() => pages.go('count')}
        >
          {say('shift.z', { zNo: shift.zNo })} <Key name={SHIFT_KEYS.count} />
        </button>
      )}
    </div>
  );
}

function PageButton(props: {
  readonly to: Exclude<ShiftPage, 'home' | 'count'>;
  readonly icon: IconName;
  readonly testId: string;
  readonly pages: ShiftPages;
  readonly first?: boolean;
}) {
  const { say } = useTill();
  return (
    <button
      type="button"
      className="button shift-act"
      data-testid={props.testId}
      data-first={props.first}
      onClick={() => props.pages.go(props.to)}
    >
      <Icon name={props.icon} size={24} />
      <span>{say(TITLES[props.to])}</span>
      <Key name={SHIFT_KEYS[props.to]} />
    </button>
  );
}

function ShiftFacts({ shift }: { readonly shift: ShiftView }) {
  const { view, say, currency } = useTill();
  return (
    <dl className="facts">
      <div>
        <dt>{say('shift.since')}</dt>
        <dd>{localDateTime(shift.openedAtMs, view.timeZone)}</dd>
      </div>
      <div>
        <dt>{say('shift.businessDate')}</dt>
        <dd>{shift.businessDate}</dd>
      </div>
      <div>
        <dt>{say('shift.zNo')}</dt>
        <dd>Z{shift.zNo}</dd>
      </div>
      <div>
        <dt>{say('shift.float')}</dt>
        <dd>{moneyText(shift.floatMinor, currency)}</dd>
      </div>
    </dl>
  );
}

function OpenShift({ pages }: { readonly pages: ShiftPages }) {
  const { view, say, currency, ask, dispatch } = useTill();
  const [text, setText] = useState('');
  const floatMinor = readAmount(text, currency);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (floatMinor === null || pages.busy) return;
    pages.setBusy(true);
    const opened = await ask('openShift', { floatMinor, id: crypto.randomUUID() });
    pages.setBusy(false);
    if (opened?.shift == null) return;
    dispatch({ type: 'close' });
    dispatch({ type: 'message', message: { kind: 'shift_opened', zNo: opened.shift.zNo } });
  };
  return (
    <form className="two-sides" onSubmit={submit}>
      <div className="side-fields">
        <p className="shift-note">
          <Icon name="clock" size={24} />
          <span>
            <b>{say('shift.closedTitle')}</b>
            {say('shift.closedText', { date: view.businessDate })}
          </span>
        </p>
        <label className="cash-received">
          <span>{say('shift.float')}</span>
          <input
            className="num"
            data-testid="shift-float"
            data-first
            inputMode="none"
            autoComplete="off"
            value={text}
            placeholder={amountText(20_000, currency)}
            onChange={(event) => setText(event.target.value)}
          />
          <small>{say('shift.floatHint')}</small>
        </label>
        <button
          type="submit"
          className="button action"
          data-testid="shift-start"
          disabled={pages.busy || floatMinor === null || view.store === null}
        >
          {say('shift.start')} <Key name="Enter" />
        </button>
      </div>
      <NumberPad
        point={currency.digits > 0}
        onPress={(key) => setText(pressPad(text.replaceAll(',', ''), key, currency.digits))}
      />
    </form>
  );
}

/** An amount of cash that a person could hold: zero or more, and not a slip of the finger. */
export function readAmount(text: string, currency: { readonly digits: number }): number | null {
  const amountMinor = text.trim() === '' ? null : parseAmount(text, currency);
  return amountMinor === null || amountMinor < 0 || amountMinor > LINE_MINOR_MAX ? null : amountMinor;
}
