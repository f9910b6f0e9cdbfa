/**
 * State bar: who sells, and how well the till is: line to HQ, printer, scanner, age of the data. Each state is a
 * colour with an icon and a word.
 */
import { useState } from 'react';
import { LOCALES } from '../../core/item.ts';
import { localDateTime } from '../../core/shift.ts';
import type { PrinterView, SyncView } from '../../till/api.ts';
import { LOCALE_NAMES, type Say } from '../i18n/words.ts';
import { isMuted, setMuted } from '../sound.ts';
import { useTick, useTill } from '../till-screen.ts';
import { clockText, spanOf } from '../when.ts';
import { Icon, type IconName } from './icons.tsx';
import { Key } from './key.tsx';

export type Tone = 'good' | 'warn' | 'bad' | 'calm';

/** Old enough that prices may have changed since. */
const DATA_OLD_MS = 24 * 3_600_000;

export function StateBar() {
  const { view, say, nowMs } = useTill();
  useTick(5_000);
  const now = nowMs();
  const [today, time] = localDateTime(now, view.timeZone).split(' ') as [string, string];
  return (
    <header className="state-bar">
      <div className="state-who">
        <strong>
          {view.store === null ? null : <i>{view.store.name} · </i>}
          {view.till.code}
        </strong>
        <WhoButton />
      </div>
      <div className="state-pills">
        <ShiftPill nowMs={now} />
        <SyncPill sync={view.sync} nowMs={now} />
        <PrinterPill printer={view.printer} />
        {view.scanner.state === 'absent' ? (
          <Pill tone="warn" icon="scanner" text={say('scanner.absent')} title={view.scanner.detail} />
        ) : null}
        <OtherDevicesPill />
        <ReadinessPill />
        <DataPill sync={view.sync} nowMs={now} timeZone={view.timeZone} />
        <span className="state-clock">
          <b className={view.businessDate === today ? '' : 'other-day'}>
            {say('bar.businessDate', { date: view.businessDate.slice(5) })}
          </b>
          <time>{time}</time>
        </span>
      </div>
      <MuteButton />
      <LanguageSwitch />
    </header>
  );
}

/** Who sells, and in which role; the key leads to switching, signing off and training. */
function WhoButton() {
  const { view, say, dispatch } = useTill();
  const { people, cashier } = view;
  if (people.state === 'signed_off') return <span className="cashier">{say('people.signedOff')}</span>;
  return (
    <button
      type="button"
      className="who"
      data-testid="people-open"
      title={say('people.title')}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => dispatch({ type: 'open', dialog: { kind: 'people' } })}
    >
      <Icon name="user" size={18} />
      <span>
        {cashier.name}
        {people.roleName === null ? null : <small> · {people.roleName}</small>}
      </span>
      <Key name="F1" />
    </button>
  );
}

function ShiftPill({ nowMs }: { readonly nowMs: number }) {
  const { view, say, dispatch } = useTill();
  const { shift } = view;
  const text =
    shift === null
      ? say('shift.none')
      : say('shift.state', {
          zNo: shift.zNo,
          time: clockText(shift.openedAtMs, nowMs, view.timeZone),
        });
  if (view.people.state === 'signed_off') {
    return <Pill testId="shift-state" tone="calm" icon="drawer" text={text} />;
  }
  return (
    <Pill
      testId="shift-state"
      tone="calm"
      icon="drawer"
      text={text}
      title={say('shift.title')}
      onPress={() => dispatch({ type: 'open', dialog: { kind: 'shift', page: 'home' } })}
    />
  );
}

function SyncPill({ sync, nowMs }: { readonly sync: SyncView; readonly nowMs: number }) {
  const { say } = useTill();
  const { tone, icon } = SYNC_LOOK[sync.state];
  const words = [syncWords(sync, nowMs, say)];
  if (sync.unsent > 0) words.push(say('sync.unsent', { n: sync.unsent }));
  return <Pill testId="sync-state" tone={tone} icon={icon} text={words.join(' · ')} title={sync.reason} />;
}

const SYNC_LOOK: Readonly<Record<SyncView['state'], { readonly tone: Tone; readonly icon: IconName }>> = {
  online: { tone: 'good', icon: 'cloud' },
  connecting: { tone: 'calm', icon: 'sync' },
  offline: { tone: 'warn', icon: 'cloudOff' },
  not_enrolled: { tone: 'warn', icon: 'cloudOff' },
  refused: { tone: 'bad', icon: 'stop' },
};

function syncWords(sync: SyncView, nowMs: number, say: Say): string {
  if (sync.state === 'offline') {
    const span = spanOf(sync.sinceMs, nowMs);
    return say('sync.offline', { span: say(`span.${span.unit}`, { n: span.n }) });
  }
  if (sync.state === 'refused') return say('sync.refused', { reason: sync.reason ?? '' }).trim();
  return say(`sync.${sync.state}`);
}

/** Leads to the device page, where a printer that is gone can be tried again. */
function PrinterPill({ printer }: { readonly printer: PrinterView }) {
  const { view, say, dispatch } = useTill();
  const words = [say(`printer.${printer.state}`)];
  if (printer.queued > 0) words.push(say('printer.queued', { n: printer.queued }));
  if (printer.unknown > 0) words.push(say('printer.unknown', { n: printer.unknown }));
  const waits = printer.state === 'absent' || printer.state === 'stopped' || printer.unknown > 0;
  const tone: Tone = waits
    ? 'warn'
    : printer.state === 'ready' || printer.state === 'printing'
      ? 'good'
      : 'calm';
  const pill = {
    testId: 'printer-state',
    tone,
    icon: waits ? 'warning' : 'printer',
    text: words.join(' · '),
  } as const;
  if (view.people.state === 'signed_off') return <Pill {...pill} title={printer.detail} />;
  return (
    <Pill
      {...pill}
      title={`${say('devices.title')} ⇧F11`}
      onPress={() => dispatch({ type: 'open', dialog: { kind: 'devices' } })}
    />
  );
}

/** Scale, pole display: said only when one of them is gone. An open drawer is always said. */
function OtherDevicesPill() {
  const { view, say } = useTill();
  const role = view.devices.troubled.find((each) => each === 'scale' || each === 'display');
  if (view.devices.drawerOpen === true) {
    return <Pill testId="drawer-open" tone="warn" icon="drawer" text={say('pill.drawerOpen')} />;
  }
  if (role === undefined) return null;
  const text = say('pill.devices', { role: say(`devices.role.${role}`) });
  return <Pill testId="device-trouble" tone="warn" icon="plug" text={text} />;
}

/** How well the till would sell with the line down: said when something lacks, and why; or that a drill runs. */
function ReadinessPill() {
  const { view, say } = useTill();
  const { score, reasons } = view.readiness;
  if (view.drill?.untilMs != null) {
    return <Pill testId="readiness" tone="warn" icon="cloudOff" text={say('ready.drill')} />;
  }
  if (score >= READY_SCORE) return null;
  const title = say('ready.title') + reasons.map(({ kind }) => say(`ready.${kind}`)).join(' · ');
  const text = say('ready.pill', { score });
  return (
    <Pill testId="readiness" tone={score < 50 ? 'bad' : 'warn'} icon="warning" text={text} title={title} />
  );
}

/** Above this nothing is said: what lacks is small, and the bar is for what matters now. */
const READY_SCORE = 80;

function DataPill(props: { readonly sync: SyncView; readonly nowMs: number; readonly timeZone: string }) {
  const { say } = useTill();
  const { dataAsOfMs, itemCount, memberCount } = props.sync;
  const detail = say('data.detail', { items: itemCount, members: memberCount });
  if (dataAsOfMs === null) {
    return <Pill tone="warn" icon="warning" text={say('data.never')} title={detail} />;
  }
  const old = props.nowMs - dataAsOfMs > DATA_OLD_MS;
  const text = say('data.asOf', { time: clockText(dataAsOfMs, props.nowMs, props.timeZone) });
  return <Pill tone={old ? 'warn' : 'calm'} icon={old ? 'warning' : 'clock'} text={text} title={detail} />;
}

export function Pill(props: {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly text: string;
  readonly title?: string | null;
  readonly testId?: string;
  readonly onPress?: () => void;
}) {
  const { tone, icon, text, title, testId, onPress } = props;
  const content = (
    <>
      <Icon name={icon} size={18} />
      <span>{text}</span>
    </>
  );
  const shared = { className: `pill ${tone}`, title: title ?? undefined, 'data-testid': testId };
  return onPress === undefined ? (
    <span {...shared}>{content}</span>
  ) : (
    <button type="button" {...shared} onClick={onPress}>
      {content}
    </button>
  );
}

function MuteButton() {
  const { say } = useTill();
  const [muted, setState] = useState(isMuted());
  const toggle = () => {
    setMuted(!muted);
    setState(!muted);
  };
  const label = say(muted ? 'bar.unmute' : 'bar.mute');
  return (
    <button
      type="button"
      className="icon-button"
      title={label}
      aria-label={label}
      aria-pressed={muted}
      onClick={toggle}
    >
      <Icon name={muted ? 'soundOff' : 'sound'} />
    </button>
  );
}

function LanguageSwitch() {
  const { view, say, ask } = useTill();
  return (
    <fieldset className="languages" aria-label={say('app.language')}>
      {LOCALES.map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          title={LOCALE_NAMES[locale].full}
          aria-label={LOCALE_NAMES[locale].full}
          aria-pressed={view.locale === locale}
          data-testid={`lang-${locale}`}
          onClick={() => void ask('setLocale', { locale })}
        >
          {LOCALE_NAMES[locale].short}
        </button>
      ))}
    </fieldset>
  );
}
