/**
 * Pay: what is due by cash and to the cent, what was tendered so far, and one form for the tender that comes next.
 */
import { useEffect, useRef, useState } from 'react';
import type { TenderKind } from '../../core/tender.ts';
import type { TenderAsk, TenderCard, TillApiError } from '../../till/api.ts';
import { amountText, moneyText } from '../amount.ts';
import { isPayOut, TENDER_KEYS, TENDER_ORDER, tenderOfKey, whyNot } from '../paying.ts';
import { beep } from '../sound.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon, type IconName } from './icons.tsx';
import { Key } from './key.tsx';
import { CashForm } from './pay-cash.tsx';
import { PayBackPanel, PendingPanel } from './pay-panels.tsx';
import { TenderForm } from './pay-tender.tsx';

export const TENDER_ICONS: Readonly<Record<TenderKind, IconName>> = {
  cash: 'coins',
  wallet: 'wallet',
  card: 'card',
  points: 'star',
  stored_value: 'safe',
  gift_card: 'gift',
  voucher: 'ticket',
};

const PENDING: TillApiError = { kind: 'tender_pending' };

export interface Pay {
  readonly busy: boolean;
  /** @returns whether the till took it */
  readonly tender: (tender: TenderAsk) => Promise<boolean>;
  readonly back: (to: 'original' | 'cash') => Promise<boolean>;
}

export function PayDialog(props: { readonly basketId: string; readonly tender: TenderKind }) {
  const screen = useTill();
  const { view, say, ask, dispatch } = screen;
  const { payment } = view;
  const pay = usePay(props.basketId);
  const [kind, setKind] = useState(props.tender);
  const [scans, setScans] = useState(0);
  const waitsForCode = payment.pending?.state === 'code';
  useWaitForCode(kind, pay);
  const out = isPayOut(payment);
  const choose = async (next: TenderKind) => {
    const problem = waitsForCode || payment.pending === null ? whyNot(next, view) : PENDING;
    if (problem !== null) {
      beep('bad');
      dispatch({ type: 'message', message: { kind: 'error', error: problem } });
      return;
    }
    if (waitsForCode && next !== 'wallet' && (await ask('cancelPending', {})) === null) return;
    dispatch({ type: 'worked' });
    setKind(next);
  };
  const withCode = !out && (kind === 'wallet' || kind === 'gift_card' || kind === 'voucher');
  const takesCodes = waitsForCode || (withCode && payment.pending === null);
  // A pay code that nobody waits for any more must not be taken when it comes after all.
  const leave = async () => {
    if ((await ask('cancelPending', {})) !== null) dispatch({ type: 'close' });
  };
  const shown = payment.pending?.kind ?? kind;
  const form = `${kind} ${payment.tenders.length} ${scans}`;
  return (
    <DialogFrame
      title={say(out ? 'pay.outTitle' : 'pay.title')}
      size="wide"
      testId="pay-dialog"
      step={`${form} ${payment.pending !== null} ${out}`}
      busy={pay.busy}
      onBack={waitsForCode ? () => void leave() : undefined}
      {...(takesCodes ? {} : { onScan: () => setScans(scans + 1) })}
      onKey={(event) => {
        if (event.repeat) return false;
        if (out && payment.pending === null) {
          if (event.key !== 'F8' || payment.payBack.every(({ kind: to }) => to === 'cash')) return false;
          void pay.back('cash');
          return true;
        }
        if (payment.pending !== null && event.key === 'Delete') {
          void ask('cancelPending', {});
          return true;
        }
        const next = event.shiftKey || out ? null : tenderOfKey(event.key);
        if (next !== null) void choose(next);
        return next !== null;
      }}
    >
      <div className="pay">
        {out ? null : <Tabs kind={shown} onChoose={(next) => void choose(next)} />}
        <div className="pay-main">
          {out ? null : <DueStrip kind={shown} />}
          <Tendered />
          {payment.pending !== null ? (
            <PendingPanel pending={payment.pending} />
          ) : out ? (
            <PayBackPanel pay={pay} />
          ) : kind === 'cash' ? (
            <CashForm key={form} pay={pay} />
          ) : (
            <TenderForm key={form} kind={kind} pay={pay} />
          )}
        </div>
      </div>
    </DialogFrame>
  );
}

/**
 * Opening the wallet asks the till to wait for a pay code over all that is due, so that the next scan pays. Once: after a
 * cancel, the amount can be changed first.
 */
function useWaitForCode(kind: TenderKind, pay: Pay): void {
  const { view } = useTill();
  const { exactDueMinor, pending, kinds } = view.payment;
  const done = useRef(false);
  const wait = kind === 'wallet' && kinds.includes('wallet') && pending === null && exactDueMinor > 0;
  useEffect(() => {
    if (kind !== 'wallet') done.current = false;
    if (!wait || done.current) return;
    done.current = true;
    void pay.tender({ kind: 'wallet', amountMinor: exactDueMinor });
  });
}

function usePay(basketId: string): Pay {
  const { view, ask, dispatch } = useTill();
  const [busy, setBusy] = useState(false);
  const { totalMinor } = view.basket;
  const run = async (work: () => Promise<unknown>) => {
    if (busy) return false;
    setBusy(true);
    const worked = (await work()) !== null;
    setBusy(false);
    if (worked) dispatch({ type: 'worked' });
    return worked;
  };
  const withId = async (work: (tenderId: string) => Promise<unknown>) => {
    const made = await ask('newId', {});
    return made === null ? null : work(made.id);
  };
  return {
    busy,
    tender: (tender) =>
      run(() =>
        tender.kind === 'cash'
          ? ask('payCash', { basketId, amountMinor: tender.amountMinor, totalMinor })
          : withId((tenderId) => ask('pay', { basketId, totalMinor, tenderId, tender })),
      ),
    back: (to) => run(() => withId((tenderId) => ask('payBack', { basketId, totalMinor, tenderId, to }))),
  };
}

function Tabs(props: { readonly kind: TenderKind; readonly onChoose: (kind: TenderKind) => void }) {
  const { view, say } = useTill();
  return (
    <div className="pay-tabs" role="tablist" aria-orientation="vertical" aria-label={say('pay.how')}>
      {TENDER_ORDER.map((kind) => (
        <button
          key={kind}
          type="button"
          role="tab"
          tabIndex={-1}
          aria-selected={kind === props.kind}
          aria-disabled={whyNot(kind, view) !== null}
          data-testid={`tender-${kind}`}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => props.onChoose(kind)}
        >
          <Icon name={TENDER_ICONS[kind]} />
          <span>{say(`tender.${kind}`)}</span>
          <Key name={TENDER_KEYS[kind]} />
        </button>
      ))}
    </div>
  );
}

/** Both sums, where rounding makes two of them: what this tender would have to pay stands out. */
function DueStrip({ kind }: { readonly kind: TenderKind }) {
  const { view, say, currency } = useTill();
  const { dueMinor, exactDueMinor, tenders } = view.payment;
  const cash = kind === 'cash';
  const otherMinor = cash ? exactDueMinor : dueMinor;
  return (
    <div className="due-strip">
      <p className="cash-due">
        <span>{say(tenders.length > 0 ? 'due.rest' : 'due.label')}</span>
        <b className="num" data-testid="pay-due">
          {moneyText(cash ? dueMinor : exactDueMinor, currency)}
        </b>
      </p>
      {dueMinor === exactDueMinor ? null : (
        <p className="due-other" data-testid="pay-due-other">
          {say(cash ? 'pay.otherDue' : 'pay.cashDue', { amount: moneyText(otherMinor, currency) })}
        </p>
      )}
    </div>
  );
}

function Tendered() {
  const { view, say, ask } = useTill();
  const { tenders, pending } = view.payment;
  if (tenders.length === 0) return null;
  return (
    <div className="tendered">
      <ul data-testid="tendered">
        {tenders.map((tender, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tenders only come at the end
          <TenderRow key={at} tender={tender} />
        ))}
      </ul>
      <button
        type="button"
        className="button small"
        data-testid="cash-take-back"
        disabled={pending !== null}
        onClick={() => void ask('clearTenders', {})}
      >
        <Icon name="undo" /> {say('cash.takeBack')}
      </button>
    </div>
  );
}

function TenderRow({ tender }: { readonly tender: TenderCard }) {
  const { say, currency } = useTill();
  return (
    <li>
      <Icon name={TENDER_ICONS[tender.kind]} size={18} />
      <span>
        {say(`tender.${tender.kind}`)}
        {tender.detail === null ? '' : ` ${tender.detail}`}
      </span>
      <b className="num">{amountText(tender.amountMinor, currency)}</b>
    </li>
  );
}
