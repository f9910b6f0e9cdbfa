/**
 * Device page: what is plugged into this till, what each thing is for, how it is, and a test for each.
 *
 * Left the roles with their state, right the one that is chosen: set up above, tried below.
 */
import { useCallback, useEffect, useState } from 'react';
import type { DeviceBoard, DeviceCard, DeviceRole, DeviceSetting } from '../../till/api.ts';
import type { Say } from '../i18n/words.ts';
import { useTill } from '../till-screen.ts';
import { DeviceForm } from './device-form.tsx';
import { DeviceTest } from './device-test.tsx';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon, type IconName } from './icons.tsx';
import { Pill, type Tone } from './state-bar.tsx';

/** While it is open, so that what is plugged in or pulled is seen. */
const READ_AGAIN_MS = 1_000;

export function DeviceDialog() {
  const { say, ask } = useTill();
  const { board, setBoard } = useBoard();
  const [chosen, choose] = useState<Chosen>({ role: 'printer', index: 0 });
  const heard = async (text: string) => {
    if (board?.scanTest === true) setBoard(await ask('heardScan', { text }));
  };
  const step = (by: number) => {
    const places = board === null ? [] : placesOf(board);
    const at = places.findIndex((place) => sameDevice(place, chosen));
    const next = places[Math.min(places.length - 1, Math.max(0, at + by))];
    if (next !== undefined) choose(next);
  };
  return (
    <DialogFrame
      title={say('devices.title')}
      size="full"
      testId="device-page"
      step={board === null ? 'none' : `${chosen.role} ${chosen.index}`}
      onScan={(code) => void heard(code)}
      onKey={(event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (by === undefined || event.target instanceof HTMLSelectElement) return false;
        step(by);
        return true;
      }}
    >
      {board === null ? (
        <p className="find-empty">{say('devices.waiting')}</p>
      ) : (
        <div className="devices">
          <RoleList board={board} chosen={chosen} choose={choose} setBoard={setBoard} />
          <Chosen board={board} chosen={chosen} choose={choose} setBoard={setBoard} />
        </div>
      )}
    </DialogFrame>
  );
}

export interface Chosen {
  readonly role: DeviceRole;
  readonly index: number;
}

export type SetBoard = (board: DeviceBoard | null) => void;

function useBoard(): { board: DeviceBoard | null; setBoard: SetBoard } {
  const { ask, bridge } = useTill();
  const [board, show] = useState<DeviceBoard | null>(null);
  // A call that was refused has no board: what is shown stays.
  const setBoard = useCallback((next: DeviceBoard | null) => {
    if (next !== null) show(next);
  }, []);
  useEffect(() => {
    let open = true;
    const set = (next: DeviceBoard | null) => {
      if (open && next !== null) show(next);
    };
    void ask('deviceBoard', {}).then(set);
    // Listing what is plugged in takes a moment: the page is there before it.
    void ask('deviceBoard', { look: true }).then(set);
    const timer = setInterval(() => {
      bridge.call('deviceBoard', {}).then(set, () => undefined);
    }, READ_AGAIN_MS);
    return () => {
      open = false;
      clearInterval(timer);
      bridge.call('scanTest', { on: false }).catch(() => undefined);
    };
  }, [ask, bridge]);
  return { board, setBoard };
}

/** Every device once; a scanner that is to be added stands past the last. */
function placesOf(board: DeviceBoard): Chosen[] {
  return board.cards.map(({ role, index }) => ({ role, index }));
}

function sameDevice(a: Chosen, b: Chosen): boolean {
  return a.role === b.role && a.index === b.index;
}

// ---- left ----

function RoleList(props: {
  readonly board: DeviceBoard;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
  readonly setBoard: SetBoard;
}) {
  const { board, chosen, choose, setBoard } = props;
  const { say, ask } = useTill();
  const [looking, setLooking] = useState(false);
  const look = async () => {
    setLooking(true);
    await ask('retryDevices', {});
    setBoard(await ask('deviceBoard', { look: true }));
    setLooking(false);
  };
  return (
    <nav className="device-roles" aria-label={say('devices.roles')}>
      {board.problem === null ? null : (
        <p className="message-bar bad" role="alert">
          <Icon name="warning" size={24} />
          <span>{board.problem}</span>
        </p>
      )}
      {board.cards.map((card) => {
        const isChosen = sameDevice(card, chosen);
        return (
          <button
            key={`${card.role} ${card.index}`}
            type="button"
            className="device-role card"
            aria-current={isChosen}
            data-first={isChosen ? true : undefined}
            data-testid={`device-${card.role}${card.index === 0 ? '' : `-${card.index}`}`}
            onClick={() => choose({ role: card.role, index: card.index })}
          >
            <Icon name={ROLE_ICONS[card.role]} size={28} />
            <span>
              <b>{cardName(card, board, say)}</b>
              <small>{addressOf(card, board) ?? '—'}</small>
            </span>
            {card.role === 'customer_screen' ? null : <StatePill card={card} />}
          </button>
        );
      })}
      <button
        type="button"
        className="button"
        data-testid="device-look"
        disabled={looking}
        onClick={() => void look()}
      >
        <Icon name="sync" /> {say(looking ? 'devices.looking' : 'devices.look')}
      </button>
      <p className="device-note">{say('devices.isolated')}</p>
    </nav>
  );
}

export const ROLE_ICONS: Readonly<Record<DeviceRole, IconName>> = {
  scanner: 'scanner',
  printer: 'printer',
  drawer: 'drawer',
  scale: 'scale',
  display: 'pole',
  customer_screen: 'screen',
  terminal: 'card',
};

function cardName({ role, index }: Chosen, board: DeviceBoard, say: Say): string {
  return role === 'scanner' && board.settings.scanners.length > 1
    ? say('devices.scannerNo', { n: index + 1 })
    : say(`devices.role.${role}`);
}

function addressOf({ role, index }: Chosen, { settings }: DeviceBoard): string | null {
  switch (role) {
    case 'scanner':
      return settings.scanners[index]?.address ?? null;
    case 'drawer':
      return settings.printer.address;
    case 'customer_screen':
      return '/display';
    default:
      return settings[role].address;
  }
}

const LOOKS: Readonly<Record<DeviceCard['state'], { readonly tone: Tone; readonly icon: IconName }>> = {
  none: { tone: 'calm', icon: 'minus' },
  ready: { tone: 'good', icon: 'check' },
  busy: { tone: 'good', icon: 'sync' },
  stopped: { tone: 'warn', icon: 'warning' },
  absent: { tone: 'warn', icon: 'plug' },
};

function StatePill({ card }: { readonly card: DeviceCard }) {
  const { say } = useTill();
  const { tone, icon } = LOOKS[card.state];
  return <Pill tone={tone} icon={icon} text={say(`devices.state.${card.state}`)} />;
}

// ---- right ----

function Chosen(props: {
  readonly board: DeviceBoard;
  readonly chosen: Chosen;
  readonly choose: (chosen: Chosen) => void;
  readonly setBoard: SetBoard;
}) {
  const { board, chosen, choose, setBoard } = props;
  const { say, ask, dispatch } = useTill();
  const card = board.cards.find((candidate) => sameDevice(candidate, chosen)) ?? {
    ...chosen,
    state: 'none' as const,
    detail: null,
    words: null,
    fixed: board.cards.some(({ role, fixed }) => role === chosen.role && fixed),
  };
  const save = async (device: DeviceSetting) => {
    const saved = await ask('setDevice', { device });
    if (saved === null) return;
    setBoard(saved);
    dispatch({ type: 'message', message: { kind: 'device_saved' } });
    if (device.role === 'scanner' && device.setting === null) choose({ role: 'scanner', index: 0 });
  };
  return (
    <section className="device-chosen card" data-testid="device-chosen">
      <header>
        <Icon name={ROLE_ICONS[chosen.role]} size={28} />
        <h3>{cardName(chosen, board, say)}</h3>
        {chosen.role === 'customer_screen' ? null : <StatePill card={card} />}
      </header>
      <Trouble card={card} hidWhy={board.hidWhy} />
      <DeviceForm
        key={`${chosen.role} ${chosen.index} ${JSON.stringify(settingKey(chosen, board))}`}
        board={board}
        chosen={chosen}
        fixed={card.fixed}
        save={save}
        addScanner={() => choose({ role: 'scanner', index: board.settings.scanners.length })}
      />
      <DeviceTest key={chosen.role} board={board} chosen={chosen} setBoard={setBoard} />
    </section>
  );
}

/** The form begins anew when what it shows was changed by somebody else, or by itself. */
function settingKey({ role, index }: Chosen, { settings }: DeviceBoard): unknown {
  if (role === 'scanner') return settings.scanners[index] ?? null;
  return role === 'customer_screen' ? settings.customerScreen : settings[role];
}

/** What to do about it, and below in the driver's words. */
function Trouble({ card, hidWhy }: { readonly card: DeviceCard; readonly hidWhy: string | null }) {
  const { say } = useTill();
  const words = card.words ?? (card.role === 'scanner' ? hidWhy : null);
  if (card.detail === null && words === null) return null;
  const known = DETAILS.find((detail) => detail === card.detail);
  return (
    <p className="device-trouble">
      <Icon name="warning" size={24} />
      <span>
        {known === undefined ? card.detail : say(`devices.detail.${known}`)}
        {words === null ? null : <small>{words}</small>}
      </span>
    </p>
  );
}

const DETAILS = [
  'not_found',
  'port_taken',
  'permission',
  'disconnected',
  'timeout',
  'refused',
  'io',
  'unsupported',
  'cover_open',
  'paper_end',
  'paper_near_end',
  'cutter',
  'fault',
  'offline',
] as const;
