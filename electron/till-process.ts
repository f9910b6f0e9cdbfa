/**
 * The till in its own process: an Electron utility process, or any Node that forks this file.
 *
 * No Electron in here: a window that crashes takes no sale with it, and what is packed can be tried without Electron.
 */
import { enrolTill } from '../src/till/enrol.ts';
import { keyFile } from '../src/till/key.ts';
import { type RunningTill, runTill, systemChance, systemClock } from '../src/till/run.ts';
import type { FromTill, ToTill } from './till-link.ts';

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const parent = (process as { readonly parentPort?: ParentPort }).parentPort;

const tell = (message: FromTill): void => {
  if (parent !== undefined) parent.postMessage(message);
  else process.send?.(message);
};

let running: RunningTill | null = null;
let started = false;

const obey = (message: ToTill): void => {
  if (message.do === 'stop') void stop();
  else if (!started) {
    started = true;
    start(message).catch((cause: Error) => {
      tell({ is: 'failed', words: cause.message });
      // The message has to be out before the process is gone.
      setTimeout(() => process.exit(1), 200);
    });
  }
};

if (parent !== undefined) parent.on('message', ({ data }) => obey(data as ToTill));
else process.on('message', (message) => obey(message as ToTill));
process.on('disconnect', () => void stop());

async function start({
  folder,
  port,
  token,
  keyHex,
  enrol,
}: Extract<ToTill, { do: 'start' }>): Promise<void> {
  const log = (text: string) => tell({ is: 'log', text });
  const key =
    keyHex === null
      ? keyFile(folder, systemChance)
      : { load: () => new Uint8Array(Buffer.from(keyHex, 'hex')) };
  if (enrol !== null) {
    await enrolTill({ folder, ...enrol, clock: systemClock, chance: systemChance, key });
  }
  running = await runTill({ folder, port, token, key, cashier: { id: '01', name: '01' }, log });
  const { till, server } = running;
  let told = '';
  const look = () => {
    const counter: FromTill = {
      is: 'counter',
      shiftOpen: till.session.shift !== null,
      busy: till.checkout.basket.lines.length > 0 || till.checkout.isPaying,
    };
    if (JSON.stringify(counter) === told) return;
    told = JSON.stringify(counter);
    tell(counter);
  };
  till.watch(look);
  look();
  tell({ is: 'ready', address: server.address, customerAddress: server.customerAddress });
}

async function stop(): Promise<void> {
  const ending = running;
  running = null;
  await ending?.stop();
  process.exit(0);
}
