/**
 * Scan box: the one input for codes, numbers and names, and the choices under it when a name fits several.
 */
import { type RefObject, useEffect, useId, useRef } from 'react';
import { shortGtin } from '../../core/gtin.ts';
import { cardTail } from '../../core/loyalty.ts';
import type { Act } from '../act.ts';
import { amountText } from '../amount.ts';
import { startAnew } from '../scan-field.ts';
import type { Choice } from '../selling.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

export function ScanBox({
  inputRef,
  act,
}: {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly act: Act;
}) {
  const { say, selling, dispatch } = useTill();
  const listId = useId();
  const bad = selling.message?.kind === 'error';
  useEffect(() => {
    const field = inputRef.current;
    // Typed before the till answered: the new text stands alone. React's own event of this name comes too late.
    const onInput = () => startAnew(field);
    field?.addEventListener('beforeinput', onInput);
    return () => field?.removeEventListener('beforeinput', onInput);
  }, [inputRef]);
  return (
    <div className="scan-box">
      <label className={bad ? 'scan-field bad' : 'scan-field'}>
        <Icon name="search" />
        <input
          ref={inputRef}
          data-testid="scan-input"
          type="text"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="done"
          placeholder={say('scan.placeholder')}
          aria-label={say('scan.label')}
          role="combobox"
          aria-expanded={selling.choices !== null}
          aria-controls={listId}
          onInput={() => {
            dispatch({ type: 'close_choices' });
            dispatch({ type: 'go_on' });
          }}
        />
        <Key name="/" />
      </label>
      <button
        type="button"
        className="icon-button framed"
        title={say('scan.pad')}
        aria-label={say('scan.pad')}
        onClick={() => dispatch({ type: 'open', dialog: { kind: 'code' } })}
      >
        <Icon name="keypad" size={24} />
      </button>
      {selling.choices === null ? null : <Choices id={listId} act={act} />}
    </div>
  );
}

function Choices({ id, act }: { readonly id: string; readonly act: Act }) {
  const { say, selling } = useTill();
  const { list, index } = selling.choices!;
  return (
    <div className="choices" data-testid="choices">
      <p className="choices-title">
        {say('choices.title')}
        <span>
          <Key name="↑" /> <Key name="↓" /> <Key name="Enter" />
        </span>
      </p>
      <div id={id} role="listbox" aria-label={say('choices.title')} className="choices-list">
        {list.map((choice, at) => (
          <ChoiceRow
            key={choice.kind === 'item' ? `i${choice.item.sku}` : `m${choice.member.id}`}
            choice={choice}
            active={at === index}
            testId={`choice-${at}`}
            onPick={() => act({ do: 'pick', choice })}
          />
        ))}
      </div>
    </div>
  );
}

/** One thing to pick; the same row in the member dialog. */
export function ChoiceRow(props: {
  readonly choice: Choice;
  readonly active: boolean;
  readonly testId: string;
  /** The key that picks it, where it has one. */
  readonly keyName?: string;
  readonly onPick: () => void;
}) {
  const { choice, active } = props;
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (active) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <button
      ref={ref}
      type="button"
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className={active ? 'choice active' : 'choice'}
      data-testid={props.testId}
      onClick={props.onPick}
    >
      {choice.kind === 'item' ? <ItemChoice choice={choice} /> : <MemberChoice choice={choice} />}
      {props.keyName === undefined ? null : <Key name={props.keyName} />}
    </button>
  );
}

function ItemChoice({ choice }: { readonly choice: Extract<Choice, { kind: 'item' }> }) {
  const { say, currency } = useTill();
  const { item } = choice;
  const price = item.priceMinor === null ? null : amountText(item.priceMinor, currency);
  return (
    <>
      <Icon name="basket" />
      <span className="choice-name">
        <b>{item.name}</b>
        <small>{item.gtin === null ? item.sku : `${item.sku} · ${shortGtin(item.gtin)}`}</small>
      </span>
      <span className="money">
        {price === null
          ? say('choices.openPrice')
          : item.unit === 'kg'
            ? say('lines.perKg', { price })
            : price}
      </span>
    </>
  );
}

function MemberChoice({ choice }: { readonly choice: Extract<Choice, { kind: 'member' }> }) {
  const { say } = useTill();
  const { member } = choice;
  const tails = [say('member.card', { tail: cardTail(member.cardNo) })];
  if (member.phoneTail !== null) tails.push(say('member.phone', { tail: member.phoneTail }));
  return (
    <>
      <Icon name="user" />
      <span className="choice-name">
        <b>{member.name}</b>
        <small>{tails.join(' · ')}</small>
      </span>
      <span className="tier">{member.tierName}</span>
    </>
  );
}
