/** Releases: signed feeds, icons, what installers are made of, and what is said where Electron cannot be had. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { electronBinary } from '../../electron/binary.ts';
import { builderConfig } from '../../electron/dist.ts';
import { writeIcons } from '../../electron/icons.ts';
import { makeKey, signRelease } from '../../electron/sign.ts';
import { feedName, fetchedFault } from '../../electron/signed-feed.ts';
import { withFolder } from '../kit/folder.ts';

/** As electron-builder writes it. */
const FEED = `version: 0.2.0
files:
  - url: Counterfoil-0.2.0.AppImage
    sha512: c2hhIG9mIHRoZSBhcHA=
    size: 1234
  - url: counterfoil_0.2.0_amd64.deb
    sha512: c2hhIG9mIHRoZSBkZWI=
    size: 999
path: Counterfoil-0.2.0.AppImage
sha512: c2hhIG9mIHRoZSBhcHA=
releaseDate: '2026-11-30T10:00:00.000Z'
`;
const UPDATE = { version: '0.2.0', files: [{ sha512: 'c2hhIG9mIHRoZSBhcHA=' }] };

describe('signed channels', () => {
  /** A web server's folder with signed feeds of both channels, and somebody who changes what lies there. */
  async function faultAfter(
    change: (files: Map<string, Buffer>) => void,
    { update = UPDATE, key = undefined as string | null | undefined, name = 'latest-linux.yml' } = {},
  ): Promise<string | null> {
    let fault: string | null = null;
    await withFolder(async (folder) => {
      const keyFile = path.join(folder, 'release.pem');
      const publicKey = makeKey(keyFile);
      for (const feed of ['latest-linux.yml', 'beta-linux.yml']) writeFileSync(path.join(folder, feed), FEED);
      const signed = signRelease(keyFile, folder);
      expect(signed).toEqual({ feeds: ['beta-linux.yml', 'latest-linux.yml'], key: publicKey });
      const names = ['latest-linux.yml', 'beta-linux.yml'].flatMap((feed) => [feed, `${feed}.sig`]);
      const files = new Map(names.map((file) => [file, readFileSync(path.join(folder, file))]));
      change(files);
      const from = {
        url: 'https://updates.example/till',
        name,
        publicKey: key === undefined ? publicKey : key,
      };
      fault = await fetchedFault(update, from, async (address) => {
        const file = files.get(address.replace('https://updates.example/till/', ''));
        if (file === undefined) throw new Error(`${address} answers 404`);
        return file;
      });
    });
    return fault;
  }

  test('what the publisher signed is taken', async () => {
    expect(await faultAfter(() => {})).toBeNull();
  });

  const CHANGES: readonly (readonly [string, (files: Map<string, Buffer>) => void, string])[] = [
    [
      'another file in the feed',
      (files: Map<string, Buffer>) =>
        void files.set('latest-linux.yml', Buffer.from(FEED.replace('c2hhIG9mIHRoZSBhcHA=', 'ZXZpbA=='))),
      'latest-linux.yml is not signed by the publisher',
    ],
    [
      'the signed feed of the other channel',
      (files: Map<string, Buffer>) => {
        files.set('latest-linux.yml', files.get('beta-linux.yml')!);
        files.set('latest-linux.yml.sig', files.get('beta-linux.yml.sig')!);
      },
      'latest-linux.yml is not signed by the publisher',
    ],
    [
      'a signature that is none',
      (files: Map<string, Buffer>) => void files.set('latest-linux.yml.sig', Buffer.from('no base64 !')),
      'latest-linux.yml is not signed by the publisher',
    ],
    [
      'no signature',
      (files: Map<string, Buffer>) => void files.delete('latest-linux.yml.sig'),
      'the signature of latest-linux.yml could not be had: https://updates.example/till/latest-linux.yml.sig answers 404',
    ],
  ];

  test.each(CHANGES)('%s: refused', async (_, change, words) => {
    expect(await faultAfter(change)).toBe(words);
  });

  test('a file or a version that the signed feed does not name, a build without a key: refused', async () => {
    const evil = { ...UPDATE, files: [{ sha512: 'ZXZpbA==' }] };
    expect(await faultAfter(() => {}, { update: evil })).toBe('latest-linux.yml names another file');
    expect(await faultAfter(() => {}, { update: { ...UPDATE, files: [] } })).toBe(
      'latest-linux.yml names another file',
    );
    expect(await faultAfter(() => {}, { update: { ...UPDATE, version: '9.9.9' } })).toBe(
      'latest-linux.yml names another version',
    );
    expect(await faultAfter(() => {}, { key: null })).toBe(
      'this build knows no key that updates are signed for',
    );
  });

  test('a key is made once: the file that holds it is never written over; nothing to sign is said', () =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'release.pem');
      makeKey(file);
      expect(() => makeKey(file)).toThrow('EEXIST');
      expect(() => signRelease(file, folder)).toThrow('holds no feed: run `npm run dist` first');
    }));

  test.each([
    ['latest', 'win32', 'x64', 'latest.yml'],
    ['beta', 'darwin', 'arm64', 'beta-mac.yml'],
    ['latest', 'linux', 'x64', 'latest-linux.yml'],
    ['beta', 'linux', 'arm64', 'beta-linux-arm64.yml'],
  ] as const)('%s on %s %s is %s', (channel, platform, arch, name) => {
    expect(feedName(channel, platform, arch)).toBe(name);
  });
});

describe('installers', () => {
  test('Windows nsis, macOS dmg, Linux AppImage and deb, each with an icon that is there; fuses are shut', () =>
    withFolder(async (folder) => {
      const config = builderConfig({ COUNTERFOIL_UPDATES_URL: 'https://updates.example' }) as Record<
        'win' | 'mac' | 'linux' | 'electronFuses' | 'publish',
        { target: string[]; icon: string }
      >;
      expect([config.win.target, config.mac.target, config.linux.target]).toEqual([
        ['nsis'],
        ['dmg', 'zip'],
        ['AppImage', 'deb'],
      ]);
      expect(Object.values(config.electronFuses)).toEqual([true, false, false]);
      expect((builderConfig({}) as { publish: unknown }).publish).toBeNull();
      writeIcons(folder);
      for (const icon of [config.win.icon, config.mac.icon, config.linux.icon]) {
        expect(existsSync(path.join(folder, path.relative('.build/icons', icon))), icon).toBe(true);
      }
    }));

  test('the icons are what they say: 7 pictures in the .ico, 8 in the .icns, each a PNG of its size', () =>
    withFolder(async (folder) => {
      writeIcons(folder);
      const read = (name: string) => readFileSync(path.join(folder, name));
      const widthAt = (file: Buffer, at: number) => {
        expect(file.subarray(at, at + 4).toString('latin1')).toBe('\x89PNG');
        return file.readUInt32BE(at + 16);
      };
      const ico = read('icon.ico');
      const entries = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => 6 + 16 * index);
      expect(entries.map((at) => widthAt(ico, ico.readUInt32LE(at + 12)))).toEqual([
        16, 24, 32, 48, 64, 128, 256,
      ]);
      expect(entries.map((at) => ico[at])).toEqual([16, 24, 32, 48, 64, 128, 0]);

      const icns = read('icon.icns');
      expect([icns.subarray(0, 4).toString(), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
      const widths: number[] = [];
      for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) widths.push(widthAt(icns, at + 8));
      expect(widths).toEqual([32, 64, 128, 256, 256, 512, 512, 1_024]);
      for (const px of [16, 32, 48, 64, 128, 256, 512]) expect(widthAt(read(`${px}x${px}.png`), 0)).toBe(px);
    }));
});

describe.skipIf(electronBinary() !== null)('without an Electron binary (skipped: one is here)', () => {
  test.each(['desktop', 'dist'])(
    'npm run %s says what is missing and what to do, in a sentence, and ends with 1',
    (name) => {
      const script = new URL(`../../electron/${name}.ts`, import.meta.url).pathname;
      // Nobody listens there: the download fails at once.
      const env = {
        ...process.env,
        ELECTRON_MIRROR: 'http://127.0.0.1:9/',
        electron_config_cache: '/nowhere',
      };
      const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', env });
      expect(status).toBe(1);
      expect(stderr).toContain('There is no Electron binary for this system, and it could not be fetched');
      expect(stderr).toContain('ELECTRON_OVERRIDE_DIST_PATH');
      expect(stderr).toContain('the till runs in a browser: `npm run till');
      expect(stderr).not.toMatch(/\n {4}at /);
    },
  );
});
