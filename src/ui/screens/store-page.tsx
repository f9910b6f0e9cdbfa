/**
 * Store manager's page: how the day goes and who the members are, from what this till holds. Offline as online; each part
 * says how old it is.
 */
import { type ReactNode, useEffect, useState } from 'react';
import type { StorePage } from '../../till/api.ts';
import { amountText, moneyText } from '../amount.ts';
import { equationOf, shareBp, shareText } from '../store-figures.ts';
import { useTill } from '../till-screen.ts';
import { clockText } from '../when.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { HourCurve } from './store-curve.tsx';
import { MemberGrid, People } from './store-members.tsx';
import { ReadyPart } from './store-ready.tsx';
import { Cashiers, ZReports } from './store-tables.tsx';

const READ_AGAIN_MS = 30_000;

export function StoreDialog() {
  const { view, say } = useTill();
  const page = useStorePage();
  return (
    <DialogFrame
      title={`${say('store.title')} · ${view.store?.name ?? ''}`}
      size="full"
      testId="store-page"
      step={page === 'waiting' || page === null ? 'none' : 'page'}
      onScan={() => undefined}
    >
      {page === 'waiting' ? (
        <p className="find-empty">{say('store.waiting')}</p>
      ) : page === null ? (
        <p className="find-empty">
          <Icon name="lock" size={32} /> {say('store.notShown')}
        </p>
      ) : (
        <StoreView page={page} />
      )}
    </DialogFrame>
  );
}

/** Read again now and then while it is open: own sales are in at once. An approval once given is not asked for again. */
function useStorePage(): StorePage | 'waiting' | null {
  const { ask, bridge } = useTill();
  const [page, setPage] = useState<StorePage | 'waiting' | null>('waiting');
  useEffect(() => {
    let open = true;
    const show = (next: StorePage | null) => {
      if (open) setPage(next);
    };
    void ask('storePage', {}).then(show);
    const timer = setInterval(() => {
      // Whoever was approved once sees the page as it was then.
      bridge.call('storePage', {}).then(show, () => undefined);
    }, READ_AGAIN_MS);
    return () => {
      open = false;
      clearInterval(timer);
    };
  }, [ask, bridge]);
  return page;
}

function StoreView({ page }: { readonly page: StorePage }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long page is scrolled by keys too
    <div className="store" tabIndex={0} data-first>
      <TodayPart page={page} />
      <div className="store-columns">
        <HourCurve page={page} />
        <MemberGrid page={page} />
      </div>
      <People page={page} />
      <div className="store-columns">
        <Cashiers page={page} />
        <ZReports page={page} />
      </div>
      <ReadyPart page={page} />
    </div>
  );
}

/** A part with its own age: own sales up to now, other tills' up to what the feed brought. */
export function Part(props: {
  readonly title: string;
  readonly page: StorePage;
  /** This till's own data alone, so no other till can be behind. */
  readonly own?: boolean;
  readonly testId: string;
  readonly children: ReactNode;
}) {
  const { view, say, nowMs } = useTill();
  const { asOfMs, othersAsOfMs } = props.page;
  const time = (atMs: number) => clockText(atMs, nowMs(), view.timeZone);
  const asOf =
    props.own === true
      ? say('store.asOf', { time: time(asOfMs) })
      : othersAsOfMs === null
        ? say('store.asOfOwn', { time: time(asOfMs) })
        : say('store.asOfBoth', { time: time(asOfMs), others: time(othersAsOfMs) });
  return (
    <section className="store-part card" data-testid={props.testId}>
      <header>
        <h3>{props.title}</h3>
        <small>{asOf}</small>
      </header>
      {props.children}
    </section>
  );
}

function TodayPart({ page }: { readonly page: StorePage }) {
  const { say, currency } = useTill();
  const { today } = page;
  const { netMinor, tickets, unitPriceMinor, attachCenti } = equationOf(today);
  const part = (partMinor: number) => shareText(shareBp(partMinor, netMinor));
  return (
    <Part title={say('store.today', { date: today.businessDate })} page={page} testId="store-today">
      <div className="equation">
        <Term label={say('store.sales')} text={moneyText(netMinor, currency)} big />
        <i aria-hidden="true">=</i>
        <Term label={say('store.tickets')} text={tickets.toLocaleString('en-US')} />
        <i aria-hidden="true">×</i>
        <Term
          label={say('store.unitPrice')}
          text={unitPriceMinor === null ? '—' : moneyText(unitPriceMinor, currency)}
        />
        <i aria-hidden="true">×</i>
        <Term
          label={say('store.attach')}
          text={attachCenti === null ? '—' : amountText(attachCenti, { digits: 2 })}
        />
      </div>
      <div className="equation small">
        <Term
          label={say('store.new')}
          text={moneyText(today.newMinor, currency)}
          note={part(today.newMinor)}
        />
        <i aria-hidden="true">+</i>
        <Term
          label={say('store.returning')}
          text={moneyText(today.returningMinor, currency)}
          note={part(today.returningMinor)}
        />
        <i aria-hidden="true">+</i>
        <Term
          label={say('store.noMember')}
          text={moneyText(today.noMemberMinor, currency)}
          note={part(today.noMemberMinor)}
        />
        <Term label={say('store.refunds')} text={moneyText(today.refundMinor, currency)} />
      </div>
    </Part>
  );
}

function Term(props: {
  readonly label: string;
  readonly text: string;
  readonly note?: string;
  readonly big?: boolean;
}) {
  return (
    <p className={props.big === true ? 'term big' : 'term'}>
      <small>{props.label}</small>
      <b className="num">{props.text}</b>
      {props.note === undefined ? null : <small className="term-note">{props.note}</small>}
    </p>
  );
}
