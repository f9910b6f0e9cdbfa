/**
 * Virtual lines: a cable between the till and a device that we play, which can be pulled and plugged in again.
 *
 * Each is a PTY pair opened through the serial driver, or, where there are no PTYs, two ends in memory.
 */
import { openPtyPair } from '../../native/pty.ts';
import { openSerial } from '../../native/serial.ts';
import type { BytePort } from '../core/ports.ts';
import { DeviceError } from '../devices/ports.ts';

export interface VirtualLine {
  /** The device's end; another one after each plugging in. */
  readonly far: BytePort;
  readonly isPlugged: boolean;
  readonly open: () => Promise<BytePort>;
  /** Called with the device's end whenever there is a new one. */
  onPlug(listener: (far: BytePort) => void): void;
  unplug(): Promise<void>;
  plug(): void;
  close(): Promise<void>;
}

/** The cable is made when somebody first wants it. */
export function virtualLine(): VirtualLine {
  let cable: Cable | null = null;
  let isPlugged = true;
  let near: BytePort | null = null;
  const listeners: ((far: BytePort) => void)[] = [];
  const plugged = (): Cable => {
    if (cable === null) {
      cable = makeCable();
      for (const listener of listeners) listener(cable.far);
    }
    return cable;
  };
  const unplug = async () => {
    const pulled = cable;
    cable = null;
    isPlugged = false;
    await pulled?.close();
    // Once in many runs the hang-up of a PTY does not reach the driver: a pulled cable is gone all the same.
    await near?.close();
    near = null;
  };
  return {
    get far() {
      return plugged().far;
    },
    get isPlugged() {
      return isPlugged;
    },
    open: async () => {
      if (!isPlugged) {
        throw new DeviceError('not_found', 'the virtual cable is not plugged in', { retry: true });
      }
      near = await plugged().open();
      return near;
    },
    onPlug: (listener) => {
      listeners.push(listener);
      if (cable !== null) listener(cable.far);
    },
    unplug,
    plug: () => {
      isPlugged = true;
    },
    close: unplug,
  };
}

interface Cable {
  readonly far: BytePort;
  open(): Promise<BytePort>;
  close(): Promise<void>;
}

function makeCable(): Cable {
  const pair = openPtyPair();
  if (pair === null) {
    const [near, far] = memoryPair();
    return { far, open: async () => near, close: () => far.close() };
  }
  return {
    far: pair.master,
    open: () => openSerial({ path: pair.path, baudRate: 115_200 }),
    close: () => pair.close(),
  };
}

function memoryPair(): [BytePort, BytePort] {
  const ends = [0, 1].map(() => ({
    data: [] as ((bytes: Uint8Array) => void)[],
    gone: [] as ((reason: string) => void)[],
  }));
  const make = (mine: number): BytePort => {
    const [own, other] = [ends[mine]!, ends[1 - mine]!];
    return {
      write: async (bytes) => {
        for (const listener of other.data) listener(bytes.slice());
      },
      onData: (listener) => void own.data.push(listener),
      onClose: (listener) => void own.gone.push(listener),
      close: async () => {
        for (const listener of [...own.gone, ...other.gone]) listener('closed');
        own.gone.length = 0;
        other.gone.length = 0;
      },
    };
  };
  return [make(0), make(1)];
}
