/**
 * The device desk: what is plugged in, set up, tested; and the weight on the scale.
 */
import { testSlip } from '../core/test-slip.ts';
import { PRINTER_ENCODINGS, PRINTER_PROFILES } from '../devices/printer-profile.ts';
import type { DeviceBoard, DeviceCalls, DeviceSetting, FoundDevice } from './api-devices.ts';
import type { Counter } from './counter.ts';
import { lineOf } from './device-address.ts';
import { holderOf, SCANNERS_MAX } from './device-settings.ts';
import { TillRefusal } from './refusal.ts';

export function devicesDesk(counter: Counter): DeviceCalls {
  const { till, scanTest } = counter;
  const { devices } = till;
  let listed: { readonly found: readonly FoundDevice[]; readonly hidWhy: string | null } = {
    found: [],
    hidWhy: null,
  };

  const board = (): DeviceBoard => ({
    settings: devices.settings,
    problem: till.config.devices.bench?.problem ?? till.config.devices.logo?.problem ?? null,
    cards: devices.cards(),
    found: listed.found.map((found) => ({ ...found, usedBy: usedBy(found.address) })),
    hidWhy: listed.hidWhy,
    scannersMax: SCANNERS_MAX,
    profiles: PRINTER_PROFILES.map(({ id, columns, encoding, command }) => ({
      id,
      columns,
      encoding,
      command,
    })),
    encodings: PRINTER_ENCODINGS,
    scanTest: scanTest.isOn,
    heard: scanTest.heard,
    drawerOpen: devices.drawerOpen,
    shown: devices.poleShown,
    customerAddress: counter.customerAddress,
  });
  const usedBy = (address: string) => {
    const line = lineOf(address);
    if (line === null) return null;
    return holderOf(devices.settings, { address, role: 'terminal', index: -1 });
  };

  return {
    async deviceBoard({ look }) {
      const { bench } = till.config.devices;
      if (look === true && bench !== undefined) listed = await bench.discover();
      scanTest.keep();
      return board();
    },

    async setDevice({ device, approvalId }) {
      const { bench } = till.config.devices;
      if (bench === undefined || bench.fixed.has(device.role))
        throw new TillRefusal({ kind: 'device_fixed' });
      mustBeFree(counter, device);
      till.approvals.during(approvalId, 'devices', () => {
        try {
          devices.set(device);
        } catch (cause) {
          throw new TillRefusal({ kind: 'bad_device', what: (cause as Error).message });
        }
      });
      counter.changed();
      return board();
    },

    async testDevice({ role }) {
      if (role === 'printer') {
        const facts = {
          locale: counter.locale,
          tillCode: till.identity.tillCode,
          storeName: till.catalog.store?.name ?? '',
          symbol: till.catalog.store?.currency.symbol ?? '',
          timeZone: till.zone.timeZone,
          atMs: till.session.nowMs(),
          printer: devices.profile,
        };
        till.spool.printDoc(testSlip(facts), facts.atMs);
      } else {
        devices.showPole([
          { left: till.identity.tillCode, right: '0123456789' },
          { left: 'ABC', right: '88.88' },
        ]);
      }
      counter.changed();
      return board();
    },

    async scanTest({ on }) {
      scanTest.turn(on);
      return board();
    },

    async heardScan({ text }) {
      scanTest.take(text, null, null, counter.scanSetting());
      return board();
    },

    async learnDrawer({ open, approvalId }) {
      const high = await till.spool.askDrawer();
      if (high === null) throw new TillRefusal({ kind: 'drawer_silent' });
      const openLevel = high === open ? ('high' as const) : ('low' as const);
      const setting = { ...devices.settings.drawer, openLevel };
      till.approvals.during(approvalId, 'devices', () => devices.set({ role: 'drawer', setting }));
      counter.changed();
      return board();
    },

    async weigh() {
      const weighed = await devices.weigh();
      if (!weighed.ok) throw new TillRefusal({ kind: 'scale', why: weighed.error.kind });
      return weighed.value;
    },

    async retryDevices() {
      devices.retry();
      return counter.changed();
    },
  };
}

/** A line has one owner: a scale and a display on one port would tear each other's bytes. */
function mustBeFree(counter: Counter, device: DeviceSetting): void {
  if (device.role === 'drawer' || device.role === 'customer_screen' || device.setting === null) return;
  const index = device.role === 'scanner' ? device.index : 0;
  const { address } = device.setting;
  const { settings } = counter.till.devices;
  if (index > settings.scanners.length || index >= SCANNERS_MAX) {
    throw new TillRefusal({ kind: 'bad_device', what: `at most ${SCANNERS_MAX} scanners` });
  }
  const holder = holderOf(settings, { address, role: device.role, index });
  if (holder !== null) throw new TillRefusal({ kind: 'device_taken', by: holder });
}
