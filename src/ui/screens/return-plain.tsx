/**
 * Goods without a receipt: which article, how many, and at what price they go back; somebody who may approves it.
 */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { mulDivHalfUp } from '../../core/money.ts';
import type { ItemHit } from '../../till/api.ts';
import { amountText, moneyText, parseAmount, parseWeight } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { ChoiceRow } from './scan-box.tsx';

const HITS_MAX = 6;
const SEARCH_AFTER_MS = 120;

export function NoReceiptPage(props: { readonly busy: boolean; readonly setBusy: (busy: boolean) => void }) {
  const [item, setItem] = useState<ItemHit | null>(null);
  return item === null ? (
    <FindItem onPick={setItem} />
  ) : (
    <ReturnItem key={item.sku} item={item} {...props} onOther={() => setItem(null)} />
  );
}

function FindItem({ onPick }: { readonly onPick: (item: ItemHit) => void }) {
  const { say, ask } = useTill();
  const [text, setText] = useState('');
  const [hits, setHits] = useState<readonly ItemHit[]>([]);
  const [at, setAt] = useState(0);
  const active = hits[Math.min(at, hits.length - 1)];
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const search = async (query: string) => {
    const found = (await ask('searchItems', { text: query.trim(), limit: HITS_MAX })) ?? [];
    setHits(found);
    setAt(0);
    return found;
  };
  const latest = useRef(search);
  latest.current = search;
  useEffect(() => {
    if (text.trim() === '') return;
    const timer = setTimeout(() => void latest.current(text), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="return-plain">
      <p className="pay-note warn">
        <Icon name="lock" /> {say('return.plainHint')}
      </p>
      <label className="number-field">
        <span>{say('return.item')}</span>
        <input
          ref={field}
          type="text"
          data-testid="return-item"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
            if (event.nativeEvent.isComposing) return;
            if (by !== 0) {
              event.preventDefault();
              setAt(Math.max(0, Math.min(hits.length - 1, at + by)));
            } else if (event.key === 'Enter') {
              event.preventDefault();
              // A scanned code ends with Enter before the search has run.
              void search(text).then((found) => {
                const hit = found.find(({ sku }) => sku === active?.sku) ?? found[0];
                if (hit !== undefined) onPick(hit);
              });
            }
          }}
        />
      </label>
      <div className="find-list" role="listbox" aria-label={say('lines.item')}>
        {hits.map((item, index) => (
          <ChoiceRow
            key={item.sku}
            choice={{ kind: 'item', item }}
            active={index === at}
            testId={`return-item-${index}`}
            onPick={() => onPick(item)}
          />
        ))}
        {hits.length === 0 ? (
          <p className="find-empty">
            <Icon name="search" size={32} />
            {say('return.itemHint')}
          </p>
        ) : null}
      </div>
    </div>
  );
}

function ReturnItem(props: {
  readonly item: ItemHit;
  readonly busy: boolean;
  readonly setBusy: (busy: boolean) => void;
  readonly onOther: () => void;
}) {
  const { say, currency, ask, dispatch } = useTill();
  const { item } = props;
  const weighed = item.unit === 'kg';
  const [count, setCount] = useState(weighed ? '' : '1');
  const [price, setPrice] = useState(item.priceMinor === null ? '' : amountText(item.priceMinor, currency));
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    first.current?.focus();
    first.current?.select();
  }, []);
  const qty = weighed ? 1 : parseAmount(count, { digits: 0 });
  const weightG = weighed ? parseWeight(count) : null;
  const unitPriceMinor = parseAmount(price, currency);
  const ready =
    qty !== null &&
    qty > 0 &&
    unitPriceMinor !== null &&
    unitPriceMinor >= 0 &&
    (!weighed || weightG !== null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || props.busy) return;
    props.setBusy(true);
    const done = await ask('returnWithoutReceipt', {
      sku: item.sku,
      qty,
      unitPriceMinor,
      ...(weightG === null ? {} : { weightG }),
    });
    props.setBusy(false);
    if (done !== null) dispatch({ type: 'close' });
  };
  const sumMinor = !ready
    ? null
    : weightG === null
      ? qty * unitPriceMinor
      : mulDivHalfUp(unitPriceMinor, weightG, 1_000);
  return (
    <form className="return-plain" onSubmit={submit}>
      <p className="discount-of">
        <span>
          {item.name} <small>{item.sku}</small>
        </span>
        <b className="num">{sumMinor === null ? '' : moneyText(-sumMinor, currency)}</b>
      </p>
      <div className="field-pair">
        <label className="number-field">
          <span>{weighed ? say('ask.weightOf', { name: item.name }) : say('lines.qty')}</span>
          <input
            ref={first}
            className="num"
            data-testid="return-qty"
            inputMode="decimal"
            autoComplete="off"
            value={count}
            onChange={(event) => setCount(event.target.value)}
          />
        </label>
        <label className="number-field">
          <span>{say('return.unitPrice')}</span>
          <input
            className="num"
            data-testid="return-price"
            inputMode="decimal"
            autoComplete="off"
            value={price}
            onChange={(event) => setPrice(event.target.value)}
          />
        </label>
      </div>
      <p className="pay-note warn">
        <Icon name="lock" /> {say('return.plainHint')}
      </p>
      <div className="dialog-foot plain">
        <button type="button" className="button" onClick={props.onOther}>
          <Icon name="back" /> {say('return.otherItem')}
        </button>
        <button
          type="submit"
          className="button action"
          data-testid="return-plain-confirm"
          disabled={!ready || props.busy}
        >
          {say('return.plainConfirm')} <Key name="Enter" />
        </button>
      </div>
    </form>
  );
}
