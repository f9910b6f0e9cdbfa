/**
 * Device test: tries the chosen device now, and shows what it answers.
 */
import { useEffect, useState } from 'react';
import { localDateTime } from '../../core/shift.ts';
import type { DeviceBoard, HeardScan, Weighed } from '../../till/api.ts';
import { useTill } from '../till-screen.ts';
import type { Chosen, SetBoard } from './device-page.tsx';
import { Icon } from './icons.tsx';

interface TestProps {
  readonly board: DeviceBoard;
  readonly setBoard: SetBoard;
}

export function DeviceTest(props: TestProps & { readonly chosen: Chosen }) {
  const { say } = useTill();
  const { role } = props.chosen;
  if (role === 'terminal') return null;
  return (
    <section className="device-test">
      <h4>{say('devices.test')}</h4>
      {role === 'scanner' ? <ScanTest {...props} /> : null}
      {role === 'printer' ? <PrinterTest {...props} /> : null}
      {role === 'drawer' ? <DrawerTest {...props} /> : null}
      {role === 'scale' ? <ScaleTest /> : null}
      {role === 'display' ? <PoleTest {...props} /> : null}
      {role === 'customer_screen' ? <CustomerTest {...props} /> : null}
    </section>
  );
}

/** On as long as it is shown: a code scanned here sells nothing. */
function ScanTest({ board, setBoard }: TestProps) {
  const { say, ask, view } = useTill();
  useEffect(() => {
    void ask('scanTest', { on: true }).then(setBoard);
    return () => void ask('scanTest', { on: false });
  }, [ask, setBoard]);
  const text = ({ text: code, aim }: HeardScan) =>
    code === null ? say('devices.scanPrivate') : `${aim ?? ''} ${code.replaceAll('\u001d', ' (GS) ')}`.trim();
  return (
    <>
      <p className="device-note">{say('devices.scanHint')}</p>
      <ol className="device-heard" data-testid="device-heard">
        {board.heard.length === 0 ? <li>{say('devices.noScans')}</li> : null}
        {board.heard.slice(0, 5).map((scan) => (
          <li key={`${scan.atMs} ${scan.text}`}>
            <time>{localDateTime(scan.atMs, view.timeZone).slice(11)}</time>
            <b>{text(scan)}</b>
            <span>{say(`code.${scan.kind as 'gtin'}`)}</span>
            <small>
              {scan.scanner === null
                ? say('devices.wedge')
                : say('devices.scannerNo', { n: scan.scanner + 1 })}
            </small>
          </li>
        ))}
      </ol>
    </>
  );
}

function PrinterTest({ setBoard }: TestProps) {
  const { say, ask, view } = useTill();
  const print = async () => setBoard(await ask('testDevice', { role: 'printer' }));
  return (
    <div className="device-acts">
      <button type="button" className="button" data-testid="device-test-slip" onClick={() => void print()}>
        <Icon name="printer" /> {say('devices.testSlip')}
      </button>
      <button type="button" className="button" onClick={() => void ask('retryDevices', {})}>
        <Icon name="sync" /> {say('devices.retry')}
      </button>
      {view.printer.queued === 0 ? null : (
        <p className="device-note">{say('devices.queue', { n: view.printer.queued })}</p>
      )}
    </div>
  );
}

function DrawerTest({ board, setBoard }: TestProps) {
  const { say, ask } = useTill();
  const { drawerOpen, settings } = board;
  const learn = async (open: boolean) => setBoard(await ask('learnDrawer', { open }));
  const state = drawerOpen === null ? 'unknown' : drawerOpen ? 'open' : 'shut';
  return (
    <>
      <p className="device-answer" data-testid="device-drawer-state">
        <Icon name={drawerOpen === true ? 'warning' : 'drawer'} size={24} />
        <b>{say(`devices.drawer.${state}`)}</b>
        <small>
          {say(settings.drawer.openLevel === null ? 'devices.level.unknown' : 'devices.level.learned')}
        </small>
      </p>
      <div className="device-acts">
        <button
          type="button"
          className="button"
          data-testid="device-drawer-open"
          onClick={() => void ask('openDrawer', { reason: say('devices.drawer.reason') })}
        >
          <Icon name="drawer" /> {say('devices.drawer.test')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="drawer-is-open"
          onClick={() => void learn(true)}
        >
          {say('devices.drawer.isOpen')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="drawer-is-shut"
          onClick={() => void learn(false)}
        >
          {say('devices.drawer.isShut')}
        </button>
      </div>
      <p className="device-note">{say('devices.drawer.learnHint')}</p>
    </>
  );
}

function ScaleTest() {
  const { say, ask } = useTill();
  const [busy, setBusy] = useState(false);
  const [weighed, setWeighed] = useState<Weighed | null>(null);
  const weigh = async () => {
    setBusy(true);
    setWeighed(null);
    setWeighed(await ask('weigh', {}));
    setBusy(false);
  };
  return (
    <div className="device-acts">
      <button
        type="button"
        className="button"
        data-testid="device-weigh"
        disabled={busy}
        onClick={() => void weigh()}
      >
        <Icon name="scale" /> {say(busy ? 'devices.weighing' : 'devices.weigh')}
      </button>
      {weighed === null ? null : (
        <p className="device-answer" data-testid="device-weight">
          <Icon name="check" size={24} />
          <b>{say('devices.weight', { text: weighed.text })}</b>
        </p>
      )}
    </div>
  );
}

function PoleTest({ board, setBoard }: TestProps) {
  const { say, ask } = useTill();
  const show = async () => setBoard(await ask('testDevice', { role: 'display' }));
  return (
    <>
      <div className="device-acts">
        <button type="button" className="button" data-testid="device-test-pole" onClick={() => void show()}>
          <Icon name="pole" /> {say('devices.testPole')}
        </button>
      </div>
      {board.shown === null ? null : (
        <figure className="pole">
          <figcaption>{say('devices.shown')}</figcaption>
          <pre data-testid="device-pole">{board.shown.join('\n')}</pre>
        </figure>
      )}
    </>
  );
}

function CustomerTest({ board }: TestProps) {
  const { say } = useTill();
  const { customerAddress } = board;
  if (customerAddress === null) return null;
  return (
    <>
      <div className="device-acts">
        <button
          type="button"
          className="button"
          data-testid="customer-open"
          onClick={() => window.open(customerAddress, 'counterfoil-customer', 'popup,width=1024,height=768')}
        >
          <Icon name="screen" /> {say('devices.openScreen')}
        </button>
      </div>
      <p className="device-note">{say('devices.screenHint')}</p>
    </>
  );
}
