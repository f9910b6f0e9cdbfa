/**
 * Number dialogs: one number each, by key or by finger: quantity, price, weight, or a code typed by touch.
 */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { QTY_MAX } from '../../core/basket.ts';
import { formatMinor } from '../../core/money.ts';
import type { ScaleWhy } from '../../till/api.ts';
import { enterText } from '../act.ts';
import { countText, parseAmount, parseWeight, pressPad } from '../amount.ts';
import { CallError } from '../bridge.ts';
import type { Ask } from '../selling.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
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
  const { view, say, ask, currency } = useTill();
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
        aid={view.devices.scale === 'none' ? undefined : (set) => <FromScale set={set} />}
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

/**
 * The scale's own weight, as soon as it is at rest; asked again while something is in the way. Typing goes before it: what
 * the cashier has begun is theirs.
 */
function FromScale({ set }: { readonly set: (text: string) => void }) {
  const { say, bridge } = useTill();
  const [state, setState] = useState<ScaleWhy | 'weighing' | 'weighed'>('weighing');
  const [turn, setTurn] = useState(0);
  const latest = useRef(set);
  latest.current = set;
  useEffect(() => {
    let open = true;
    const weigh = async () => {
      while (open) {
        try {
          const weighed = await bridge.call('weigh', {});
          if (!open) return;
          latest.current(formatMinor(weighed.weightG, 3));
          setState('weighed');
          return;
        } catch (thrown) {
          const why =
            thrown instanceof CallError && thrown.error.kind === 'scale' ? thrown.error.why : 'gone';
          if (!open) return;
          setState(why);
          // A scale that is not there answers at once: it is not asked without a pause.
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      }
    };
    void weigh();
    const typed = (event: KeyboardEvent) => {
      if (/^[\d.,]$/.test(event.key)) open = false;
    };
    window.addEventListener('keydown', typed, true);
    return () => {
      open = false;
      void turn;
      window.removeEventListener('keydown', typed, true);
    };
  }, [bridge, turn]);
  const waits = state !== 'weighed';
  return (
    <p className="from-scale" data-testid="from-scale" data-state={state}>
      <Icon name={waits ? 'scale' : 'check'} size={24} />
      <span>
        {state === 'weighing'
          ? say('devices.weighing')
          : state === 'weighed'
            ? say('devices.fromScale')
            : say(`error.scale.${state}`)}
      </span>
      <button
        type="button"
        className="button"
        onClick={() => {
          setState('weighing');
          setTurn(turn + 1);
        }}
      >
        {say('devices.weigh')}
      </button>
    </p>
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
    void enterText(text.trim(), screen, { kept: () => undefined, taken: () => undefined });
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
  /** What else may give the number; it is not overwritten once somebody types. */
  readonly aid?: ((set: (text: string) => void) => ReactNode) | undefined;
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
        {props.aid?.((next) => {
          setFresh(true);
          setText(next);
        })}
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
