/**
 * Number dialogs: one number each, by key or by finger: quantity, price, weight, or a code typed by touch.
 */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { QTY_MAX } from '../../core/basket.ts';
import { enterText } from '../act.ts';
import { countText, parseAmount, parseWeight, pressPad } from '../amount.ts';
import type { Ask } from '../selling.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';

export function QuantityDialog({ lineNo }: { readonly lineNo: number }) {
  const { view, say, ask } = useTill();
  const line = view.basket.lines.find((candidate) => candidate.lineNo === lineNo);
  if (line === undefined) return null;
  return (
    <NumberDialog
      title={say('ask.quantityTitle')}
      label={say('ask.quantityOf', { name: line.name })}
      start={countText(line.qty)}
      example="2"
      digits={0}
      read={readQuantity}
      save={async (qty) => (await ask('setQuantity', { lineNo, qty })) !== null}
    />
  );
}

/** A quantity below zero is goods coming back; zero is what Delete is for. */
function readQuantity(text: string): number | null {
  const qty = parseAmount(text.replace('\u2212', '-'), { digits: 0 });
  return qty === null || qty === 0 || Math.abs(qty) > QTY_MAX ? null : qty;
}

/** The price of goods without one, or the weight of goods sold by weight. */
export function AskDialog({ ask: asked }: { readonly ask: Ask }) {
  const { say, ask, currency } = useTill();
  const { item } = asked;
  if (asked.kind === 'needs_weight') {
    return (
      <NumberDialog
        title={say('ask.weightTitle')}
        label={say('ask.weightOf', { name: item.name })}
        start=""
        example="0.842"
        digits={3}
        read={parseWeight}
        save={async (weightG) => (await ask('addItem', { sku: item.sku, qty: 1, weightG })) !== null}
      />
    );
  }
  return (
    <NumberDialog
      title={say('ask.priceTitle')}
      label={say('ask.priceOf', { name: item.name })}
      start=""
      example={currency.digits === 0 ? '100' : '9.90'}
      digits={currency.digits}
      read={(text) => notNegative(parseAmount(text, currency))}
      save={async (unitPriceMinor) =>
        (await ask('addItem', { sku: item.sku, qty: asked.qty, unitPriceMinor })) !== null
      }
    />
  );
}

function notNegative(value: number | null): number | null {
  return value === null || value < 0 ? null : value;
}

/** A code for fingers: where there is no keyboard, digits come from here. */
export function CodeDialog() {
  const screen = useTill();
  const { say, dispatch } = screen;
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    dispatch({ type: 'close' });
    void enterText(text.trim(), screen, () => undefined);
  };
  return (
    <DialogFrame title={say('ask.codeTitle')} size="small" testId="code-dialog">
      <form className="number-form" onSubmit={submit}>
        <NumberField label={say('ask.code')} text={text} onText={setText} placeholder="" />
        <NumberPad point={false} onPress={(key) => setText(pressPad(text === '0' ? '' : text, key, 0))} />
        <Confirm disabled={text.trim() === ''} />
      </form>
    </DialogFrame>
  );
}

function NumberDialog(props: {
  readonly title: string;
  readonly label: string;
  readonly start: string;
  readonly example: string;
  readonly digits: number;
  readonly read: (text: string) => number | null;
  /** @returns whether the till took it */
  readonly save: (value: number) => Promise<boolean>;
}) {
  const { say, dispatch } = useTill();
  const [text, setText] = useState(props.start);
  const [fresh, setFresh] = useState(true);
  const [busy, setBusy] = useState(false);
  const value = props.read(text);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (value === null || busy) return;
    setBusy(true);
    const saved = await props.save(value);
    setBusy(false);
    if (saved) dispatch({ type: 'close' });
  };
  return (
    <DialogFrame
      title={props.title}
      size="small"
      testId="number-dialog"
      busy={busy}
      onScan={() => setText('')}
    >
      <form className="number-form" onSubmit={submit}>
        <NumberField
          label={props.label}
          text={text}
          placeholder={say('ask.badNumber', { example: props.example })}
          onText={(next) => {
            setFresh(false);
            setText(next);
          }}
        />
        <NumberPad
          point={props.digits > 0}
          onPress={(key) => {
            setText(pressPad(fresh && key !== 'back' ? '' : text.replaceAll(',', ''), key, props.digits));
            setFresh(false);
          }}
        />
        <Confirm disabled={value === null || busy} />
      </form>
    </DialogFrame>
  );
}

function NumberField(props: {
  readonly label: string;
  readonly text: string;
  readonly placeholder: string;
  readonly onText: (text: string) => void;
}) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => ref.current?.select(), []);
  return (
    <label className="number-field">
      <span>{props.label}</span>
      <input
        ref={ref}
        data-testid="number-input"
        className="num"
        inputMode="none"
        autoComplete="off"
        data-first
        value={props.text}
        placeholder={props.placeholder}
        onChange={(event) => props.onText(event.target.value)}
      />
    </label>
  );
}

function Confirm({ disabled }: { readonly disabled: boolean }) {
  const { say } = useTill();
  return (
    <button type="submit" className="button action" data-testid="number-confirm" disabled={disabled}>
      {say('act.ok')} <Key name="Enter" />
    </button>
  );
}
