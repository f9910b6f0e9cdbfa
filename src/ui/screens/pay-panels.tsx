/**
 * Pay panels: a payment that the terminal works on, and money that goes back.
 */
import type { FormEvent } from 'react';
import type { PayBack, PendingView } from '../../till/api.ts';
import { moneyText } from '../amount.ts';
import { useTick, useTill } from '../till-screen.ts';
import { countdownText } from '../who.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { type Pay, TENDER_ICONS } from './pay-dialog.tsx';

export function PendingPanel({ pending }: { readonly pending: PendingView }) {
  const { say, currency, ask, nowMs } = useTill();
  useTick(1_000);
  const { kind, state, amountMinor } = pending;
  const unknown = state === 'unknown';
  const code = state === 'code';
  return (
    <div className={unknown ? 'pending unknown' : 'pending'} role="status" data-testid="pay-pending">
      <span className="pending-icon">
        <Icon name={unknown ? 'warning' : TENDER_ICONS[kind]} size={40} />
      </span>
      <b className="pending-amount num">{moneyText(Math.abs(amountMinor), currency)}</b>
      <p className="pending-state">{say(`pending.${wordOf(pending)}`)}</p>
      {code ? (
        <PayCodeField />
      ) : (
        <p className="pending-hint">
          {say(unknown ? 'pending.unknownHint' : 'pending.hint')} {countdownText(nowMs() - pending.sinceMs)}
        </p>
      )}
      <button
        type="button"
        className="button"
        data-testid="pay-cancel"
        data-first={code ? undefined : true}
        disabled={state === 'cancelling'}
        onClick={() => void ask('cancelPending', {})}
      >
        <Icon name="close" /> {say(code ? 'pending.change' : 'pending.cancel')} <Key name="Del" />
      </button>
    </div>
  );
}

function wordOf({ kind, state, amountMinor }: PendingView) {
  if (state !== 'waiting') return state;
  return amountMinor < 0 ? 'back' : kind;
}

/** For a scanner that types: what it types goes to the till like any scan, and is kept nowhere. */
function PayCodeField() {
  const { say, ask, dispatch } = useTill();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem('code') as HTMLInputElement;
    const text = field.value.trim();
    field.value = '';
    if (text !== '' && (await ask('enter', { text })) !== null) dispatch({ type: 'worked' });
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <input
        type="text"
        name="code"
        className="secret"
        data-testid="pay-code"
        data-first
        aria-label={say('pay.code.wallet')}
        placeholder={say('pending.codeHint')}
        autoComplete="off"
        inputMode="none"
      />
    </form>
  );
}

/** Where the money goes, one after the other, in the order in which it came; or cash instead of it. */
export function PayBackPanel({ pay }: { readonly pay: Pay }) {
  const { view, say, currency } = useTill();
  const { payBack, dueMinor, exactDueMinor, tenders } = view.payment;
  const next = payBack[0];
  const cashOnly = payBack.every(({ kind }) => kind === 'cash');
  const amount = moneyText(-(cashOnly ? dueMinor : exactDueMinor), currency);
  const plain = next === undefined;
  const confirm = () => (plain ? pay.tender({ kind: 'cash', amountMinor: dueMinor }) : pay.back('original'));
  return (
    <div className="pay-out">
      <p className="cash-due">
        <span>{say(tenders.length > 0 ? 'pay.outRest' : 'due.payOut')}</span>
        <b className="num" data-testid="pay-out-due">
          {amount}
        </b>
      </p>
      {plain ? null : (
        <ol className="pay-back" aria-label={say('pay.plan')}>
          {payBack.map((back, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a plan is done from its start
            <PayBackRow key={at} back={back} next={at === 0} />
          ))}
        </ol>
      )}
      <p className="pay-note">{say(cashOnly ? 'cash.payOutNote' : 'pay.backNote')}</p>
      <div className="pay-out-acts">
        {cashOnly ? null : (
          <button
            type="button"
            className="button"
            data-testid="pay-back-cash"
            disabled={pay.busy}
            onClick={() => void pay.back('cash')}
          >
            <Icon name="coins" /> {say('pay.backCash')} <Key name="F8" />
          </button>
        )}
        <button
          type="button"
          className="button action"
          data-testid="cash-confirm"
          data-first
          disabled={pay.busy}
          // A held Enter that opened this must not pay out too.
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          onClick={() => void confirm()}
        >
          {pay.busy
            ? say('cash.waiting')
            : cashOnly
              ? say('cash.confirmOut', { amount })
              : say('pay.backTo', {
                  tender: say(`tender.${next?.kind ?? 'cash'}`),
                  amount: moneyText(next?.amountMinor ?? 0, currency),
                })}{' '}
          <Key name="Enter" />
        </button>
      </div>
    </div>
  );
}

function PayBackRow({ back, next }: { readonly back: PayBack; readonly next: boolean }) {
  const { say, currency } = useTill();
  return (
    <li className={next ? 'next' : ''}>
      <Icon name={TENDER_ICONS[back.kind]} />
      <span>
        {say(`tender.${back.kind}`)}
        {back.card === null ? '' : ` ${back.card.brand} ${back.card.last4}`}
      </span>
      <b className="num">{moneyText(back.amountMinor, currency)}</b>
    </li>
  );
}
