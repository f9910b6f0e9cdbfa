/**
 * Customer screen: lines and total while goods are rung up, what to do while they are paid, change and thanks after.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CustomerLine, CustomerView } from '../../till/api-customer.ts';
import { amountText, countText, moneyText, weightText } from '../amount.ts';
import { CUSTOMER_WORDS, type CustomerWords } from '../i18n/customer-words.ts';
import { Icon } from './icons.tsx';
import { Paper } from './paper.tsx';

/** The change is read and the bag is packed in this time; then the screen is the shop's again. */
const DONE_MS = 20_000;

export function CustomerScreen({ view }: { readonly view: CustomerView | null }) {
  const over = useOver(view);
  const words = CUSTOMER_WORDS[view?.locale ?? 'zh-CN'];
  if (view === null || view.phase === 'idle' || over) return <Idle view={view} words={words} />;
  return (
    <div className="customer" data-testid="customer" data-phase={view.phase}>
      <header>
        <b>{view.storeName}</b>
        {view.training ? <strong className="training-mark">{words.training}</strong> : null}
      </header>
      {view.phase === 'done' ? <Done view={view} words={words} /> : <Goods view={view} words={words} />}
      {view.phase === 'done' ? null : <Sum view={view} words={words} />}
    </div>
  );
}

/** Whether a paid sale has been shown long enough. */
function useOver(view: CustomerView | null): boolean {
  const [over, setOver] = useState(false);
  const done = view?.phase === 'done';
  useEffect(() => {
    setOver(false);
    if (!done) return;
    const timer = setTimeout(() => setOver(true), DONE_MS);
    return () => clearTimeout(timer);
  }, [done]);
  return done && over;
}

function Idle({ view, words }: { readonly view: CustomerView | null; readonly words: CustomerWords }) {
  return (
    <div className="customer idle" data-testid="customer" data-phase="idle">
      {view?.hasIdlePicture === true ? (
        <img src="/display/idle" alt={view.storeName} />
      ) : (
        <main>
          <h1>{view?.storeName ?? ''}</h1>
          <p>{words.welcome}</p>
        </main>
      )}
    </div>
  );
}

function Goods({ view, words }: { readonly view: CustomerView; readonly words: CustomerWords }) {
  const list = useRef<HTMLOListElement>(null);
  const { lines, touchedLineNo } = view;
  const newest = touchedLineNo ?? lines.at(-1)?.lineNo;
  useLayoutEffect(() => {
    list.current?.querySelector(`[data-line="${newest}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [newest]);
  return (
    <ol ref={list} className="customer-lines" aria-label={words.goods}>
      {lines.map((line) => (
        <li key={line.lineNo} data-line={line.lineNo} aria-current={line.lineNo === newest}>
          <span className="customer-name">
            <b>{line.name}</b>
            <small>{quantityText(line, view)}</small>
          </span>
          <span className="money">
            {amountText(line.netMinor, view.currency)}
            {line.savedMinor > 0 ? (
              <small className="saved">
                {words.saved} {amountText(line.savedMinor, view.currency)}
              </small>
            ) : null}
          </span>
        </li>
      ))}
    </ol>
  );
}

function quantityText({ qty, weightG, unitPriceMinor }: CustomerLine, view: CustomerView): string {
  const count = weightG === null ? countText(qty) : weightText(qty < 0 ? -weightG : weightG);
  return `${count} × ${amountText(unitPriceMinor, view.currency)}`;
}

function Sum({ view, words }: { readonly view: CustomerView; readonly words: CustomerWords }) {
  const { currency, dueMinor, paidMinor, savedMinor, totalMinor } = view;
  return (
    <aside className="customer-sum">
      <dl>
        <div>
          <dt>{words.pieces}</dt>
          <dd>{view.pieces}</dd>
        </div>
        {savedMinor > 0 ? (
          <div className="saved">
            <dt>{words.saved}</dt>
            <dd>{moneyText(savedMinor, currency)}</dd>
          </div>
        ) : null}
        {view.earnPoints === null || view.earnPoints <= 0 ? null : (
          <div>
            <dt>{words.points}</dt>
            <dd>+{view.earnPoints}</dd>
          </div>
        )}
        {paidMinor === 0 ? null : (
          <>
            <div>
              <dt>{words.total}</dt>
              <dd>{moneyText(totalMinor, currency)}</dd>
            </div>
            <div>
              <dt>{words.paid}</dt>
              <dd>{moneyText(paidMinor, currency)}</dd>
            </div>
          </>
        )}
      </dl>
      <Ask view={view} words={words} />
      <p className="customer-due" data-testid="customer-due">
        <span>{dueMinor < 0 ? words.back : view.phase === 'paying' ? words.due : words.total}</span>
        <b>{moneyText(Math.abs(dueMinor), currency)}</b>
      </p>
    </aside>
  );
}

function Ask({ view, words }: { readonly view: CustomerView; readonly words: CustomerWords }) {
  if (view.ask === null) return null;
  return (
    <div className="customer-ask">
      {view.payQrSvg === null ? (
        <Icon name={view.ask === 'use_terminal' ? 'card' : 'wallet'} size={72} />
      ) : (
        <div className="customer-qr">
          <Paper svg={view.payQrSvg} label={words.payQr} />
        </div>
      )}
      <p>
        {view.ask === 'use_terminal'
          ? words.useTerminal
          : view.payQrSvg === null
            ? words.showCode
            : words.payQr}
      </p>
    </div>
  );
}

function Done({ view, words }: { readonly view: CustomerView; readonly words: CustomerWords }) {
  const { currency, totalMinor, changeMinor, savedMinor } = view;
  const back = totalMinor < 0;
  return (
    <main className="customer-done">
      <Icon name="check" size={72} />
      <p className="customer-due" data-testid="customer-change">
        <span>{back ? words.back : changeMinor > 0 ? words.change : words.paid}</span>
        <b>
          {moneyText(back ? Math.abs(totalMinor) : changeMinor > 0 ? changeMinor : view.paidMinor, currency)}
        </b>
      </p>
      {savedMinor > 0 ? (
        <p className="saved">
          {words.saved} {moneyText(savedMinor, currency)}
        </p>
      ) : null}
      <p className="customer-thanks">{words.thanks}</p>
    </main>
  );
}
