/**
 * Holds: the open basket is parked for the next customer, and brought back when its own is there again.
 */
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { HoldCard } from '../../till/api.ts';
import { amountText, moneyText } from '../amount.ts';
import { holdLabel, LABEL_CHARS_MAX } from '../hold-label.ts';
import { beep } from '../sound.ts';
import { useTill } from '../till-screen.ts';
import { clockText } from '../when.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

export function HoldDialog() {
  const { view, say, currency, ask, dispatch } = useTill();
  const suggested = holdLabel(view);
  const [label, setLabel] = useState(suggested);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const text = label.trim() === '' ? suggested : label.trim();
    const held = (await ask('hold', { label: text })) !== null;
    setBusy(false);
    if (!held) return;
    dispatch({ type: 'close' });
    dispatch({ type: 'message', message: { kind: 'held', label: text } });
  };
  return (
    <DialogFrame
      title={say('hold.title')}
      size="small"
      testId="hold-dialog"
      busy={busy}
      onScan={() => setLabel(suggested)}
    >
      <form className="number-form" onSubmit={submit}>
        <p className="hold-what">
          <span>{say('hold.pieces', { pieces: view.basket.pieces })}</span>
          <b className="num">{moneyText(view.basket.totalMinor, currency)}</b>
        </p>
        <label className="number-field">
          <span>{say('hold.label')}</span>
          <input
            ref={field}
            type="text"
            data-testid="hold-label"
            data-first
            autoComplete="off"
            spellCheck={false}
            maxLength={LABEL_CHARS_MAX}
            value={label}
            placeholder={suggested}
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <button type="submit" className="button action" data-testid="hold-confirm" disabled={busy}>
          <Icon name="hold" /> {say('act.hold')} <Key name="Enter" />
        </button>
      </form>
    </DialogFrame>
  );
}

export function HoldsDialog() {
  const { view, say, currency, ask, dispatch } = useTill();
  const { holds, basket } = view;
  const [pickedId, setPickedId] = useState<string | null>(null);
  const [dropping, setDropping] = useState<HoldCard | null>(null);
  const [busy, setBusy] = useState(false);
  const active = holds.find((hold) => hold.holdId === pickedId) ?? holds[0];

  // The buttons stay enabled meanwhile: one that is disabled cannot take the focus when the list changes.
  const run = async (work: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    await work();
    setBusy(false);
  };
  const recall = (hold: HoldCard) =>
    run(async () => {
      setPickedId(hold.holdId);
      if (basket.lines.length > 0) {
        beep('bad');
        dispatch({ type: 'message', message: { kind: 'error', error: { kind: 'basket_not_empty' } } });
      } else if ((await ask('recall', { holdId: hold.holdId })) !== null) dispatch({ type: 'close' });
    });
  const holdFirst = () =>
    run(async () => {
      const label = holdLabel(view);
      // The one that was asked for stays picked: the parked basket comes into the list beside it.
      setPickedId(active?.holdId ?? null);
      if ((await ask('hold', { label })) !== null) {
        dispatch({ type: 'message', message: { kind: 'held', label } });
      }
    });
  const askToDrop = (hold: HoldCard) => {
    dispatch({ type: 'worked' });
    setDropping(hold);
  };
  const drop = (hold: HoldCard) =>
    run(async () => {
      if ((await ask('dropHold', { holdId: hold.holdId })) === null) return;
      setDropping(null);
      dispatch({ type: 'message', message: { kind: 'hold_dropped', label: hold.label } });
    });

  if (dropping !== null) {
    return (
      <DialogFrame
        key="drop"
        title={say('holds.dropTitle')}
        size="small"
        testId="hold-drop-dialog"
        busy={busy}
        onBack={() => setDropping(null)}
        onScan={() => undefined}
      >
        <p className="dialog-text">
          {say('holds.dropText', {
            label: dropping.label,
            pieces: dropping.pieces,
            amount: moneyText(dropping.grossMinor, currency),
          })}
        </p>
        <div className="dialog-foot">
          <button type="button" className="button" data-first onClick={() => setDropping(null)}>
            {say('holds.keep')} <Key name="Esc" />
          </button>
          <button
            type="button"
            className="button danger"
            data-testid="hold-drop-confirm"
            disabled={busy}
            onClick={() => void drop(dropping)}
          >
            <Icon name="trash" /> {say('holds.drop')}
          </button>
        </div>
      </DialogFrame>
    );
  }

  const onKey = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 && event.key !== 'Delete') return;
    event.preventDefault();
    if (active === undefined) return;
    if (by === 0) askToDrop(active);
    else setPickedId(holds[Math.max(0, Math.min(holds.length - 1, holds.indexOf(active) + by))]!.holdId);
  };
  return (
    <DialogFrame
      key="list"
      title={say('holds.title')}
      size="medium"
      testId="holds-dialog"
      busy={busy}
      // Another main button: it gets the focus.
      step={`${basket.lines.length === 0} ${holds.length === 0}`}
      onScan={() => undefined}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move through the list wherever the focus is */}
      <div className="holds" onKeyDown={onKey}>
        <div className="find-list">
          {holds.length === 0 ? (
            <p className="find-empty">
              <Icon name="hold" size={32} />
              <b>{say('holds.none')}</b>
              {say('holds.noneHint')}
            </p>
          ) : null}
          {holds.map((hold) => (
            <HoldRow
              key={hold.holdId}
              hold={hold}
              active={hold === active}
              onPick={() => void recall(hold)}
              onDrop={() => askToDrop(hold)}
            />
          ))}
        </div>
        {holds.length > 0 && basket.lines.length > 0 ? (
          <p className="message-bar warn" data-testid="holds-blocked">
            <Icon name="warning" size={24} />
            <span>
              {say('holds.basketOpen', {
                pieces: basket.pieces,
                amount: moneyText(basket.totalMinor, currency),
              })}
            </span>
          </p>
        ) : null}
        {holds.length === 0 ? null : basket.lines.length > 0 ? (
          <button
            type="button"
            className="button action part"
            data-testid="hold-first"
            data-first
            disabled={view.payment.tenderedMinor !== 0}
            onKeyDown={(event) => event.repeat && event.key === 'Enter' && event.preventDefault()}
            onClick={() => void holdFirst()}
          >
            <Icon name="hold" /> {say('holds.holdFirst')} <Key name="Enter" />
          </button>
        ) : (
          <div className="holds-foot">
            <button
              type="button"
              className="button"
              data-testid="hold-drop"
              onClick={() => active !== undefined && askToDrop(active)}
            >
              <Icon name="trash" /> {say('act.void')} <Key name="Del" />
            </button>
            <button
              type="button"
              className="button action"
              data-testid="hold-recall"
              data-first
              onKeyDown={(event) => event.repeat && event.key === 'Enter' && event.preventDefault()}
              onClick={() => active !== undefined && void recall(active)}
            >
              {say('act.recall')} <Key name="Enter" />
            </button>
          </div>
        )}
      </div>
    </DialogFrame>
  );
}

function HoldRow(props: {
  readonly hold: HoldCard;
  readonly active: boolean;
  readonly onPick: () => void;
  readonly onDrop: () => void;
}) {
  const { view, say, currency, nowMs } = useTill();
  const { hold, active } = props;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const notes = [
    clockText(hold.atMs, nowMs(), view.timeZone),
    say('hold.pieces', { pieces: hold.pieces }),
    ...(hold.memberName === null ? [] : [hold.memberName]),
  ];
  return (
    <div ref={ref} className="hold-row">
      <button
        type="button"
        tabIndex={-1}
        className={active ? 'choice active' : 'choice'}
        aria-pressed={active}
        data-testid={`hold-${hold.holdId}`}
        onMouseDown={(event) => event.preventDefault()}
        onClick={props.onPick}
      >
        <Icon name={hold.memberName === null ? 'basket' : 'user'} />
        <span className="choice-name">
          <b>{hold.label}</b>
          <small>{notes.join(' · ')}</small>
        </span>
        <span className="money">{amountText(hold.grossMinor, currency)}</span>
      </button>
      <button
        type="button"
        tabIndex={-1}
        className="icon-button"
        aria-label={`${say('holds.drop')} ${hold.label}`}
        title={say('holds.drop')}
        data-testid={`hold-drop-${hold.holdId}`}
        onMouseDown={(event) => event.preventDefault()}
        onClick={props.onDrop}
      >
        <Icon name="trash" />
      </button>
    </div>
  );
}
