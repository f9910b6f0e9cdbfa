/** Discovery over a folder that looks like sysfs. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listSerialPorts } from '../../native/discover.ts';

test.skipIf(process.platform !== 'linux')(
  'USB ports tell maker and product; consoles and UARTs of type 0 are left out',
  async () => {
    const sysfs = mkdtempSync(join(tmpdir(), 'sysfs-'));
    const tty = join(sysfs, 'class/tty');
    const usb = join(sysfs, 'devices/usb1/1-1');
    for (const name of ['console', 'ttyS0', 'ttyS1', 'ttyUSB0', 'ttyUSB10'])
      mkdirSync(join(tty, name), { recursive: true });
    mkdirSync(join(usb, '1-1:1.0/ttyUSB0'), { recursive: true });
    mkdirSync(join(sysfs, 'devices/pnp0'), { recursive: true });
    writeFileSync(join(usb, 'idVendor'), '1a86\n');
    writeFileSync(join(usb, 'idProduct'), '7523\n');
    writeFileSync(join(usb, 'product'), 'USB2.0-Serial\n');
    writeFileSync(join(tty, 'ttyS0/type'), '4\n');
    writeFileSync(join(tty, 'ttyS1/type'), '0\n');
    for (const name of ['ttyS0', 'ttyS1'])
      symlinkSync(join(sysfs, 'devices/pnp0'), join(tty, name, 'device'));
    for (const name of ['ttyUSB0', 'ttyUSB10'])
      symlinkSync(join(usb, '1-1:1.0/ttyUSB0'), join(tty, name, 'device'));

    const none = { maker: null, product: null, serialNo: null, vendorId: null, productId: null };
    const converter = { ...none, product: 'USB2.0-Serial', vendorId: '1a86', productId: '7523' };
    expect(await listSerialPorts(sysfs)).toEqual([
      { path: '/dev/ttyS0', ...none },
      { path: '/dev/ttyUSB0', ...converter },
      { path: '/dev/ttyUSB10', ...converter },
    ]);
  },
);

test.skipIf(process.platform !== 'linux')('a system without sysfs has no ports', async () => {
  expect(await listSerialPorts('/nowhere')).toEqual([]);
});
