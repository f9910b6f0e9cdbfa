/**
 * Demo hands: what happens to a real printer and scale, done to the played ones: paper out, cover open, cable pulled.
 */
import { useEffect, useState } from 'react';
import type { DemoHands, DemoPeriphery } from '../../till/api.ts';
import { useTill } from '../till-screen.ts';

const READ_AGAIN_MS = 1_000;
/** Into the middle of a receipt: its head alone has more bytes. */
const MID_SLIP_BYTES = 300;

export function DemoHandsTab() {
  const { say, ask } = useTill();
  const { now, setNow } = usePeriphery();
  const [weight, setWeight] = useState('');
  if (now === null) return null;
  const touch = async (hands: DemoHands) => setNow(await ask('demoHands', hands));
  const { printer, scale } = now;
  const toggles = [
    ['paperEnd', say('dock.paperOut'), printer.paperEnd, { paperEnd: !printer.paperEnd }],
    ['coverOpen', say('dock.coverOpen'), printer.coverOpen, { coverOpen: !printer.coverOpen }],
    ['unplugged', say('dock.unplugged'), !printer.plugged, { plugged: !printer.plugged }],
    ['moving', say('dock.moving'), scale.moving, { scale: { moving: !scale.moving } }],
  ] as const;
  return (
    <div className="hands">
      {toggles.map(([name, label, on, hands]) => (
        <button
          key={name}
          type="button"
          className="button"
          aria-pressed={on}
          data-testid={`hands-${name}`}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => void touch(hands)}
        >
          {label}
        </button>
      ))}
      <button
        type="button"
        className="button"
        data-testid="hands-cut"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => void touch({ cutAfterBytes: MID_SLIP_BYTES })}
      >
        {say('dock.cutMid')}
      </button>
      <button
        type="button"
        className="button"
        data-testid="hands-drawer"
        disabled={!printer.drawerOpen}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => void touch({ drawerOpen: false })}
      >
        {say('dock.drawerShut')}
      </button>
      <label className="device-field">
        <span>{say('dock.onScale')}</span>
        <input
          inputMode="numeric"
          data-testid="hands-weight"
          value={weight === '' ? String(scale.weightG) : weight}
          onChange={(event) => {
            const digits = event.target.value.replaceAll(/\D/g, '').slice(0, 5);
            setWeight(digits);
            void touch({ scale: { weightG: Number(digits) } });
          }}
        />
      </label>
      <figure className="pole">
        <figcaption>{say('dock.pole')}</figcaption>
        <pre data-testid="hands-pole">{now.display.join('\n')}</pre>
      </figure>
    </div>
  );
}

function usePeriphery() {
  const { bridge } = useTill();
  const [now, set] = useState<DemoPeriphery | null>(null);
  const setNow = (next: DemoPeriphery | null) => {
    if (next !== null) set(next);
  };
  useEffect(() => {
    const look = () => void bridge.call('demoPeriphery', {}).then(set, () => undefined);
    look();
    const timer = setInterval(look, READ_AGAIN_MS);
    return () => clearInterval(timer);
  }, [bridge]);
  return { now, setNow };
}
