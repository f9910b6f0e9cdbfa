/** TLS between till and HQ, for real: a CA of the chain's own, what it signed, and certificates that are wrong in each way. */
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putStores } from '../../cloud/catalog/catalog.ts';
import { addTill, newEnrolmentCode } from '../../cloud/tills/enrolment.ts';
import { readTls } from '../../cloud/tls.ts';
import { enrolTill } from '../../src/till/enrol.ts';
import type { CertTrouble } from '../../src/till/hq-ca.ts';
import { systemChance, systemClock } from '../../src/till/run.ts';
import { putWorld } from '../../src/tools/cloud-client.ts';
import { rescue, rescueWords } from '../../src/tools/rescue.ts';
import { anAuthority, type Issued, issue } from '../kit/certs.ts';
import { openCloud, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { openTill, sell } from '../kit/till.ts';
import { until } from '../kit/until.ts';

const folder = aFolder();
const at = (name: string) => path.join(folder, name);
const ca = anAuthority('the chain');
const stranger = anAuthority('somebody else');
const files = { certFile: at('hq.pem'), keyFile: at('hq.key') };
let cloud: TestCloud;

const put = ({ cert, key }: Issued) => {
  writeFileSync(files.certFile, cert);
  writeFileSync(files.keyFile, key);
};

beforeAll(async () => {
  put(issue(ca, 'localhost'));
  writeFileSync(at('ca.pem'), ca.cert);
  writeFileSync(at('stranger.pem'), stranger.cert);
  cloud = await openCloud('pglite', { tls: files, world: null });
});
afterAll(async () => {
  await cloud.close();
  removeFolder(folder);
});

/** A one-time code, made at HQ itself: its API is not to be reached before its CA is known. */
async function aCode(code: string): Promise<string> {
  const tillId = `till-${code}`;
  const { db } = cloud;
  await putStores(db, smallWorld().stores, Date.now());
  await addTill(db, { tillId, storeId: 'S01', code });
  return (await newEnrolmentCode(db, tillId, { nowMs: Date.now(), chance: systemChance }))!.code;
}

const enrolWith = async (code: string, caFile: string | null, into = at(`till-${code}`)) =>
  enrolTill({
    ...{ folder: into, cloudUrl: cloud.url, code: await aCode(code), caFile },
    ...{ clock: systemClock, chance: systemChance },
  });

describe('a till that is enrolled', () => {
  test('without the CA, or with another one: `cert_untrusted`, which says what to give; the code is not used up', async () => {
    await expect(enrolWith('L1', null)).rejects.toMatchObject({
      kind: 'cert_untrusted',
      message: expect.stringContaining('--ca'),
    });
    await expect(enrolWith('L1', at('stranger.pem'))).rejects.toMatchObject({ kind: 'cert_untrusted' });
    const rows = await cloud.db.query('select 1 from enrolment_code where used_at is not null');
    expect(rows).toEqual([]);
  });

  test('with a file that is no certificate, or a CA that ended yesterday: told before anybody is called', async () => {
    writeFileSync(at('text.pem'), 'hello');
    await expect(enrolWith('L2', at('text.pem'))).rejects.toThrow('holds no certificate');
    await expect(enrolWith('L2', at('none.pem'))).rejects.toThrow('cannot be read');
    writeFileSync(at('old.pem'), anAuthority('old', Date.now() - 60 * 86_400_000).cert);
    await expect(enrolWith('L2', at('old.pem'))).rejects.toThrow('ended on');
  });

  test('with the right one: it keeps it, sells, and HQ has the sale; plain HTTP is not answered', async () => {
    await enrolWith('L1', at('ca.pem'));
    expect(readFileSync(path.join(at('till-L1'), 'hq-ca.pem'), 'utf8').trim()).toBe(ca.cert.trim());
    await putWorld(cloud.client, smallWorld());
    const till = await openTill(at('till-L1'), { openPrinter: null });
    await sell(await till.client(), ['T1001']);
    await until(() => till.till.link!.ackedSeq === till.till.journal.head.seq, 'HQ has the sale');
    await expect(fetch(cloud.url.replace('https', 'http'))).rejects.toThrow();
    await till.stop();
  });

  test('a certificate is renewed while tills are connected: new lines get it, old ones stay', async () => {
    const till = await openTill(at('till-L1'), { openPrinter: null });
    await until(() => till.till.link!.status.state === 'online', 'it is online');
    const { sinceMs } = till.till.link!.status;
    const before = await shown(cloud.url);
    put(issue(ca, 'localhost'));
    expect(cloud.reloadTls()).toBe(true);
    expect(await shown(cloud.url)).not.toBe(before);
    expect(till.till.link!.status).toMatchObject({ state: 'online', sinceMs });
    await till.stop();
  });
});

describe('what answers at the address of HQ shows', () => {
  const month = 30 * 86_400_000;
  const now = Date.now();
  const cases: [string, CertTrouble, string, Issued | null][] = [
    [
      'a certificate that ended yesterday',
      'cert_expired',
      'clock',
      issue(ca, 'localhost', { fromMs: now - month, toMs: now - 86_400_000 }),
    ],
    [
      'one that begins tomorrow',
      'cert_expired',
      'clock',
      issue(ca, 'localhost', { fromMs: now + 86_400_000, toMs: now + month }),
    ],
    ['one for another name', 'cert_name', 'another name', issue(ca, 'hq.elsewhere.example')],
    ['one of a CA that nobody gave it', 'cert_untrusted', '--ca', issue(anAuthority('third'), 'localhost')],
    ['plain HTTP', 'no_tls', 'http://', null],
  ];
  test.each(cases)(
    '%s: `%s`, nothing is sent, and the words say what to do',
    async (_, reason, words, pems) => {
      let asked = 0;
      const count = () => void asked++;
      const server = pems === null ? http.createServer(count) : https.createServer(pems, count);
      await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
      const { port } = server.address() as AddressInfo;
      const cloudUrl = `https://localhost:${port}`;
      const report = await rescue({ folder: at('till-L1'), cloudUrl, ticket: null, patienceMs: 20_000 });
      expect(report).toMatchObject({ pushed: 0, reason });
      expect(rescueWords(report)).toContain(words);
      expect(asked).toBe(0);
      await new Promise((resolve) => server.close(resolve));
    },
  );
});

test('HQ refuses to start on a key of another certificate, on one file alone, and on a certificate that ended', () => {
  const nowMs = Date.now();
  const { key } = issue(ca, 'localhost');
  writeFileSync(at('other.key'), key);
  expect(() => readTls({ ...files, keyFile: at('other.key') }, nowMs)).toThrow('is not the key of');
  expect(() => readTls({ ...files, keyFile: null }, nowMs)).toThrow('two files');
  expect(() => readTls(files, nowMs + 60 * 86_400_000)).toThrow('renew it');
  expect(() => readTls({ ...files, certFile: at('text.pem') }, nowMs)).toThrow('in PEM');
});

/** The fingerprint of what is shown to a new line. */
async function shown(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = tls.connect({ host: hostname, port: Number(port), servername: hostname, ca: ca.cert });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}
