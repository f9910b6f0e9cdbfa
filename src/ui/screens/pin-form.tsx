/**
 * PIN form: who, and the PIN; for signing on, for switching, and for approving. By keys: number or name, Enter, PIN, Enter.
 */
import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Permission } from '../../core/people.ts';
import type { StaffCard } from '../../till/api.ts';
import { pressPad } from '../amount.ts';
import { useTick, useTill } from '../till-screen.ts';
import { countdownText, staffFor } from '../who.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';

/** Longer than any PIN; a pay code or barcode never fits. */
const PIN_CHARS_MAX = 8;

export function PinForm(props: {
  /** Only who may do this is listed; null: everybody. */
  readonly permission: Permission | null;
  /** Not listed: who is signed on already. */
  readonly exceptId?: string | null;
  readonly action: string;
  /** What stands between person and PIN, such as a reason. */
  readonly children?: ReactNode;
  /** The form cannot be sent yet; the PIN is kept. */
  readonly notYet?: () => boolean;
  /** @returns whether it worked */
  readonly send: (who: { readonly staffId: string; readonly pin: string }) => Promise<boolean>;
}) {
  const { say, nowMs } = useTill();
  const [staff, reload] = useStaff();
  const [query, setQuery] = useState('');
  const [pickedId, setPickedId] = useState<string | null>(null);
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const queryField = useRef<HTMLInputElement>(null);
  const pinField = useRef<HTMLInputElement>(null);
  useEffect(() => queryField.current?.focus(), []);
  useTick(1_000);
  const shown = staffFor(staff ?? [], {
    permission: props.permission,
    exceptId: props.exceptId ?? null,
    query,
  });
  // Who is locked out is told so when picked, and never offered first.
  const free = shown.find(({ lockedUntilMs }) => (lockedUntilMs ?? 0) <= nowMs());
  const picked =
    shown.find(({ id }) => id === pickedId) ?? (query === '' ? free : undefined) ?? shown[0] ?? null;
  const lockedMs = Math.max(0, (picked?.lockedUntilMs ?? 0) - nowMs());

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (picked === null || busy || lockedMs > 0) return;
    if (props.notYet?.() === true) return;
    if (pin === '') {
      pinField.current?.focus();
      return;
    }
    setBusy(true);
    const worked = await props.send({ staffId: picked.id, pin });
    setBusy(false);
    setPin('');
    if (worked) return;
    pinField.current?.focus();
    reload();
  };
  const walk = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const at = picked === null ? 0 : shown.indexOf(picked);
    setPickedId(shown[Math.max(0, Math.min(shown.length - 1, at + by))]?.id ?? null);
  };
  return (
    <form className="pin-form" onSubmit={submit} data-testid="pin-form">
      <div className="pin-who">
        <label className="number-field">
          <span>
            {say('people.query')} <Key name="↑ ↓" />
          </span>
          <input
            ref={queryField}
            type="text"
            data-testid="staff-query"
            data-first
            autoComplete="off"
            spellCheck={false}
            value={query}
            onKeyDown={walk}
            onChange={(event) => {
              setPickedId(null);
              setQuery(event.target.value);
            }}
          />
        </label>
        <div className="find-list" role="listbox" aria-label={say('people.staff')}>
          {shown.map((person) => (
            <StaffRow
              key={person.id}
              person={person}
              active={person === picked}
              lockedMs={Math.max(0, (person.lockedUntilMs ?? 0) - nowMs())}
              onPick={() => {
                setPickedId(person.id);
                pinField.current?.focus();
              }}
            />
          ))}
          {staff !== null && shown.length === 0 ? (
            <p className="find-empty">
              <Icon name="user" size={32} />
              {say(props.permission === null ? 'people.nobody' : 'people.nobodyMay')}
            </p>
          ) : null}
        </div>
      </div>
      <div className="pin-side">
        {props.children}
        <label className="number-field">
          <span>{picked === null ? say('people.pin') : say('people.pinOf', { name: picked.name })}</span>
          <input
            ref={pinField}
            className="pin-field"
            data-testid="pin"
            // Dots without the browser's offer to keep a password.
            type="text"
            inputMode="none"
            autoComplete="off"
            spellCheck={false}
            maxLength={PIN_CHARS_MAX}
            value={pin}
            onChange={(event) => setPin(event.target.value.replace(/\D/g, ''))}
          />
        </label>
        <NumberPad
          point={false}
          onPress={(key) => {
            const digit = key === '0' || key === '00' ? pin + key : pressPad(pin, key, 0);
            setPin(digit.slice(0, PIN_CHARS_MAX));
          }}
        />
        <button
          type="submit"
          className="button action"
          data-testid="pin-confirm"
          disabled={busy || picked === null || lockedMs > 0}
        >
          {lockedMs > 0 ? say('people.lockedFor', { time: countdownText(lockedMs) }) : props.action}{' '}
          <Key name="Enter" />
        </button>
      </div>
    </form>
  );
}

function useStaff(): readonly [readonly StaffCard[] | null, () => void] {
  const { ask } = useTill();
  const [staff, setStaff] = useState<readonly StaffCard[] | null>(null);
  const load = useCallback(() => {
    void ask('staff', {}).then((cards) => setStaff((known) => cards ?? known ?? []));
  }, [ask]);
  useEffect(load, [load]);
  return [staff, load];
}

function StaffRow(props: {
  readonly person: StaffCard;
  readonly active: boolean;
  readonly lockedMs: number;
  readonly onPick: () => void;
}) {
  const { say } = useTill();
  const { person, active, lockedMs } = props;
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
      data-testid={`staff-${person.id}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={props.onPick}
    >
      <Icon name={lockedMs > 0 ? 'lock' : 'user'} />
      <span className="choice-name">
        <b>{person.name}</b>
        <small>
          {person.id} · {person.roleName}
        </small>
      </span>
      {lockedMs > 0 ? (
        <span className="locked">{say('people.lockedFor', { time: countdownText(lockedMs) })}</span>
      ) : null}
    </button>
  );
}
