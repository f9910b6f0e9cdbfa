/**
 * Discount by hand: off the order, off one line, or a new price for that line. Over the cashier's limit somebody approves.
 */
import { type FormEvent, useRef, useState } from 'react';
import type { PricedLine } from '../../core/pricing.ts';
import { amountText, moneyText, parseAmount, pressPad } from '../amount.ts';
import { type OffUnit, offRateBp, percentText, readOff } from '../offers.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';

type Scope = 'order' | 'line' | 'price';

export function DiscountDialog({ lineNo }: { readonly lineNo: number | null }) {
  const { view, say, currency, ask, dispatch } = useTill();
  const line = view.basket.lines.find((candidate) => candidate.lineNo === lineNo && candidate.qty > 0);
  const scopes: readonly Scope[] = line === undefined ? ['order'] : ['line', 'order', 'price'];
  const [scope, setScope] = useState<Scope>(scopes[0]!);
  const [unit, setUnit] = useState<OffUnit>('percent');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const given = useGiven(scope, line);
  const ofMinor = scope === 'order' ? orderMinor(view.basket.lines) : (line?.netMinor ?? 0);
  const amount = unit === 'amount' || scope === 'price';
  const off = scope === 'price' ? null : readOff(text, unit, currency.digits, ofMinor);
  const price = scope === 'price' ? parseAmount(text, currency) : null;
  const ready = off !== null || (price !== null && price >= 0);
  const overLimit = off !== null && offRateBp(off, ofMinor) > view.people.discountLimitBp;
  const target = scope === 'order' ? null : (line?.lineNo ?? null);

  const choose = (next: Scope) => {
    setScope(next);
    setText('');
    dispatch({ type: 'worked' });
    field.current?.focus();
  };
  const run = async (work: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    const worked = (await work()) !== null;
    setBusy(false);
    if (worked) dispatch({ type: 'close' });
    else field.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (off !== null) void run(() => ask('setDiscount', { lineNo: target, off }));
    else if (price !== null && target !== null && ready) {
      void run(() => ask('setUnitPrice', { lineNo: target, unitPriceMinor: price }));
    }
  };
  const clear = () => void run(() => ask('clearDiscount', { lineNo: target }));
  return (
    <DialogFrame
      title={say('discount.title')}
      size="medium"
      testId="discount-dialog"
      busy={busy}
      onScan={() => setText('')}
      onKey={({ key }) => {
        const by = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
        if (by !== 0) {
          choose(scopes[(scopes.indexOf(scope) + by + scopes.length) % scopes.length]!);
          return true;
        }
        if (key === '%' || key === '*') {
          setUnit(unit === 'percent' ? 'amount' : 'percent');
          setText('');
          return true;
        }
        if (key !== 'Delete' || text !== '' || given === null) return false;
        clear();
        return true;
      }}
    >
      <form className="two-sides" onSubmit={submit}>
        <div className="side-fields">
          <div className="scopes" role="tablist" aria-label={say('discount.title')}>
            {scopes.map((name) => (
              <button
                key={name}
                type="button"
                role="tab"
                tabIndex={-1}
                aria-selected={name === scope}
                data-testid={`discount-${name}`}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(name)}
              >
                {say(`discount.${name}`)}
              </button>
            ))}
            {scopes.length > 1 ? <Key name="↑ ↓" /> : null}
          </div>
          <p className="discount-of">
            <span>{scope === 'order' ? say('discount.ofOrder') : (line?.name ?? '')}</span>
            <b className="num">
              {moneyText(scope === 'price' ? (line?.unitPriceMinor ?? 0) : ofMinor, currency)}
            </b>
          </p>
          <label className="cash-received">
            <span className="unit-row">
              {say(scope === 'price' ? 'discount.newPrice' : 'discount.off')}
              {scope === 'price' ? null : (
                <button
                  type="button"
                  tabIndex={-1}
                  className="button small"
                  data-testid="discount-unit"
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => {
                    setUnit(unit === 'percent' ? 'amount' : 'percent');
                    setText('');
                  }}
                >
                  {say(unit === 'percent' ? 'discount.inAmount' : 'discount.inPercent')} <Key name="*" />
                </button>
              )}
            </span>
            <span className="with-unit">
              <input
                ref={field}
                className="num"
                aria-label={say(scope === 'price' ? 'discount.newPrice' : 'discount.off')}
                data-testid="discount-value"
                data-first
                inputMode="none"
                autoComplete="off"
                value={text}
                placeholder={amount ? amountText(0, currency) : '10'}
                onChange={(event) => setText(event.target.value)}
              />
              <b>{amount ? currency.symbol.normalize('NFKC') : '%'}</b>
            </span>
          </label>
          <Limit scope={scope} overLimit={overLimit} />
          {given === null ? null : (
            <button type="button" className="button" data-testid="discount-clear" onClick={clear}>
              {say('discount.clear', { amount: amountText(given, currency) })} <Key name="Del" />
            </button>
          )}
          <button
            type="submit"
            className="button action"
            data-testid="discount-confirm"
            disabled={busy || !ready}
          >
            {say(overLimit ? 'discount.ask' : 'act.ok')} <Key name="Enter" />
          </button>
        </div>
        <NumberPad
          point
          onPress={(key) => setText(pressPad(text.replaceAll(',', ''), key, amount ? currency.digits : 2))}
        />
      </form>
    </DialogFrame>
  );
}

function Limit({ scope, overLimit }: { readonly scope: Scope; readonly overLimit: boolean }) {
  const { view, say } = useTill();
  const { discountLimitBp, permissions } = view.people;
  if (scope === 'price') {
    const may = permissions.includes('price_override');
    return <p className="pay-note">{say(may ? 'discount.priceHint' : 'discount.priceAsks')}</p>;
  }
  return (
    <p className={overLimit ? 'pay-note warn' : 'pay-note'}>
      {overLimit ? <Icon name="lock" /> : null}
      {say('discount.limit', { percent: percentText(discountLimitBp) })}
    </p>
  );
}

function orderMinor(lines: readonly PricedLine[]): number {
  return lines.reduce((sum, line) => (line.qty > 0 ? sum + line.netMinor : sum), 0);
}

/** What was taken off here by hand already; null: nothing. */
function useGiven(scope: Scope, line: PricedLine | undefined): number | null {
  const { view } = useTill();
  if (scope === 'price') return null;
  const lineNo = scope === 'order' ? null : (line?.lineNo ?? null);
  const found = view.basket.manual.find((answer) => answer.lineNo === lineNo);
  if (found === undefined) return null;
  return found.kind === 'applied' ? found.offMinor : 0;
}
