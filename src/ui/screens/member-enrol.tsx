/**
 * Enrolling: name, phone, birthday if told, and what the person agrees to, in the words that HQ wrote. Works offline.
 */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ConsentText } from '../../till/api.ts';
import { isBirthday, isPhone } from '../enrol.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

const NAME_CHARS_MAX = 60;

export function EnrolPage(props: {
  /** What found nobody: a number goes into the phone field, letters into the name. */
  readonly query: string;
  readonly busy: boolean;
  readonly setBusy: (busy: boolean) => void;
}) {
  const { view, say, ask, dispatch } = useTill();
  const numeric = /^[\d+ -]+$/.test(props.query.trim());
  const [name, setName] = useState(numeric ? '' : props.query.trim());
  const [phone, setPhone] = useState(numeric ? props.query.trim() : '');
  const [birthday, setBirthday] = useState('');
  const [granted, setGranted] = useState<ReadonlySet<string>>(new Set());
  const [memberId, setMemberId] = useState<string | null>(null);
  const consent = useConsent();
  const form = useRef<HTMLFormElement>(null);
  const purposes = consent?.purposes ?? [];
  const lacks = purposes.find(({ purpose, needed }) => needed && !granted.has(purpose));
  const ready =
    consent !== null &&
    name.trim() !== '' &&
    isPhone(phone) &&
    (birthday === '' || isBirthday(birthday)) &&
    lacks === undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (props.busy) return;
    if (!ready) {
      form.current?.querySelector<HTMLElement>('[data-wrong="true"]')?.focus();
      return;
    }
    props.setBusy(true);
    // The same id for every try: whatever got lost on the way, the person joins once.
    const id = memberId ?? (await ask('newId', {}))?.id ?? null;
    setMemberId(id);
    const joined =
      id === null
        ? null
        : await ask('enrolMember', {
            memberId: id,
            name: name.trim(),
            phone: phone.trim(),
            ...(birthday === '' ? {} : { birthday: birthday.trim() }),
            consents: purposes.map(({ purpose }) => ({ purpose, granted: granted.has(purpose) })),
            textVersion: consent.textVersion,
          });
    props.setBusy(false);
    if (joined !== null) dispatch({ type: 'close' });
  };
  const toggle = (purpose: string) => {
    const next = new Set(granted);
    if (!next.delete(purpose)) next.add(purpose);
    setGranted(next);
  };
  return (
    <form className="enrol" ref={form} onSubmit={submit}>
      <div className="enrol-fields">
        <TextField
          label={say('enrol.name')}
          testId="enrol-name"
          text={name}
          setText={setName}
          wrong={name.trim() === ''}
          first
          charsMax={NAME_CHARS_MAX}
        />
        <TextField
          label={say('enrol.phone')}
          testId="enrol-phone"
          text={phone}
          setText={setPhone}
          wrong={!isPhone(phone)}
          hint={phone !== '' && !isPhone(phone) ? say('error.bad_phone') : null}
          charsMax={20}
        />
        <TextField
          label={say('enrol.birthday')}
          testId="enrol-birthday"
          text={birthday}
          setText={setBirthday}
          wrong={birthday !== '' && !isBirthday(birthday)}
          hint={birthday !== '' && !isBirthday(birthday) ? say('enrol.birthdayHint') : null}
          placeholder="1990-11-22"
          charsMax={10}
        />
        {view.sync.state === 'online' ? null : (
          <p className="pay-note">
            <Icon name="cloudOff" /> {say('enrol.offline')}
          </p>
        )}
      </div>
      <fieldset className="consents">
        <legend>{say('enrol.consent')}</legend>
        {purposes.map(({ purpose, text, needed }) => (
          <label key={purpose} className={needed && !granted.has(purpose) ? 'consent needed' : 'consent'}>
            <input
              type="checkbox"
              data-testid={`consent-${purpose}`}
              data-wrong={needed && !granted.has(purpose)}
              checked={granted.has(purpose)}
              onChange={() => toggle(purpose)}
            />
            <span>
              <b>{say(needed ? 'enrol.needed' : 'enrol.optional')}</b> {text}
            </span>
          </label>
        ))}
        <p className="pay-note">
          <Key name="Tab" /> <Key name="Space" /> {say('enrol.keys')}
        </p>
      </fieldset>
      <button
        type="submit"
        className="button action"
        data-testid="enrol-confirm"
        disabled={props.busy || consent === null}
      >
        {say(ready || lacks === undefined ? 'enrol.confirm' : 'enrol.askConsent')} <Key name="Enter" />
      </button>
    </form>
  );
}

function useConsent(): ConsentText | null {
  const { view, ask } = useTill();
  const [consent, setConsent] = useState<ConsentText | null>(null);
  const { locale } = view;
  useEffect(() => {
    void locale;
    void ask('consentText', {}).then(setConsent);
  }, [ask, locale]);
  return consent;
}

function TextField(props: {
  readonly label: string;
  readonly testId: string;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly wrong: boolean;
  readonly charsMax: number;
  readonly first?: boolean;
  readonly hint?: string | null;
  readonly placeholder?: string;
}) {
  return (
    <label className="number-field">
      <span>{props.label}</span>
      <input
        type="text"
        data-testid={props.testId}
        data-first={props.first}
        data-wrong={props.wrong}
        autoComplete="off"
        spellCheck={false}
        maxLength={props.charsMax}
        placeholder={props.placeholder}
        value={props.text}
        onChange={(event) => props.setText(event.target.value)}
      />
      {props.hint == null ? null : <small className="problem">{props.hint}</small>}
    </label>
  );
}
