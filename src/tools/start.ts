/**
 * `npm start`: a small chain on this machine. HQ on its embedded PostgreSQL, two stores, tills with virtual devices.
 *
 * Each part is a process of its own, as in a shop. Data stays in `--data` between starts; Ctrl-C stops all cleanly.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { enrolTill } from '../till/enrol.ts';
import { systemChance, systemClock } from '../till/run.ts';
import { type Child, keepRunning } from './child.ts';
import { addTill, type CloudClient, cloudClient, putWorld } from './cloud-client.ts';
import { DEMO_STAFF, demoProgramme, demoRules, demoWorld } from './demo-world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TILL_PORT_STEP = 10;

interface Options {
  readonly port: number;
  readonly data: string;
  readonly tills: number;
  readonly store: 'pg' | 'pglite';
  readonly open: boolean;
  readonly history: boolean;
}

const options = new Command('start')
  .description('Runs a small chain: HQ, two stores, tills with a virtual scanner and printer.')
  .option('--port <number>', 'port of HQ; tills listen 10 above it and up', portNumber, 4600)
  .option('--data <folder>', 'data folder', path.join(ROOT, '.data', 'demo'))
  .option('--tills <number>', 'tills, shared out over the two stores', tillCount, 1)
  .option('--store <kind>', 'pg (embedded PostgreSQL) or pglite', storeKind, 'pg')
  .option('--no-open', 'do not open the browser')
  .option('--no-history', 'start with an empty chain: no year of made-up trade in four more stores')
  .parse()
  .opts<Options>();

/** Whoever tries the demo may do everything; the others are there to be switched to. */
const DEMO_OWNER = DEMO_STAFF[2];

const say = (text: string) => process.stdout.write(`${text}\n`);
const warn = (text: string) => process.stderr.write(`${text}\n`);

const children: Child[] = [];
let stopping = false;

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));

try {
  await start();
} catch (cause) {
  if (!stopping) {
    warn(`counterfoil: ${(cause as Error).message}`);
    await stop(1);
  }
}

async function start(): Promise<void> {
  const data = path.resolve(options.data);
  mkdirSync(data, { recursive: true });
  // The embedded PostgreSQL may run under another uid and must be able to pass through.
  chmodSync(data, 0o711);
  const cloudData = path.join(data, 'cloud');
  const url = `http://127.0.0.1:${options.port}`;
  const storeArgs = [
    '--port',
    String(options.port),
    '--data',
    cloudData,
    '--store',
    options.store,
    '--open-on-loopback',
  ];
  await run('HQ', '../../cloud/main.ts', storeArgs);
  const client = cloudClient(url, readFileSync(path.join(cloudData, 'hq-token'), 'utf8').trim());
  await furnish(client);
  const addresses: string[] = [];
  for (let number = 1; number <= options.tills; number++)
    addresses.push(await startTill(client, url, data, number));
  say('');
  say(`  HQ console   ${url}   (on this machine you are the owner, without signing in)`);
  for (const address of addresses) say(`  ${address}`);
  say('');
  say(
    "  Click a product on the till's virtual shelf, press F8, and watch the sale arrive at HQ. Ctrl-C stops all.",
  );
  say(
    `  Signed on as ${DEMO_OWNER.name}. PINs: ${DEMO_STAFF.map(({ name, pin }) => `${name} ${pin}`).join(', ')}`,
  );
  say('');
  say('ready');
  if (options.history) await startLife(url, data, cloudData);
  if (options.open && process.stdout.isTTY) for (const target of [url, ...addresses]) openBrowser(target);
}

async function run(
  name: string,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const onLine = (line: string) => {
    if (!stopping) warn(line);
  };
  children.push(await keepRunning({ name, file: new URL(file, import.meta.url), args, env, onLine }));
}

/** Goods, tiers and members of the demo, once; what was changed at HQ since then stays. */
async function furnish(client: CloudClient): Promise<void> {
  const { stores } = (await client.get('/api/v1/stores')) as { stores: unknown[] };
  if (stores.length > 0) return;
  await putWorld(client, demoWorld());
  await client.put('/api/v1/rules', demoRules());
  await client.put('/api/v1/programme', demoProgramme());
  await client.put('/api/v1/staff', { staff: DEMO_STAFF });
}

/** A year of trade in six stores, sent in the background by tills of the demo's own; then they go on selling. */
async function startLife(url: string, data: string, cloudData: string): Promise<void> {
  const tokenFile = path.join(cloudData, 'hq-token');
  const args = ['--url', url, '--token-file', tokenFile, '--data', path.join(data, 'life')];
  await run('demo', './demo-life.ts', args);
}

/** @returns its line for the visitor: code and address */
async function startTill(
  client: CloudClient,
  cloudUrl: string,
  data: string,
  number: number,
): Promise<string> {
  const storeId = number % 2 === 1 ? 'S01' : 'S02';
  const code = `${storeId === 'S01' ? 'NJ' : 'XH'}${String(Math.ceil(number / 2)).padStart(2, '0')}`;
  const folder = path.join(data, `till-${code}`);
  if (!existsSync(path.join(folder, 'journal.db'))) {
    const enrolment = await addTill(client, { storeId, code });
    await enrolTill({ folder, cloudUrl, code: enrolment, clock: systemClock, chance: systemChance });
  }
  const port = options.port + TILL_PORT_STEP + number - 1;
  const token = randomBytes(24).toString('hex');
  const args = [
    '--data',
    folder,
    '--port',
    String(port),
    '--scanner',
    'virtual',
    '--printer',
    'virtual',
    '--scale',
    'virtual',
    '--display',
    'virtual',
    '--cashier',
    DEMO_OWNER.name,
    '--sign-on',
    DEMO_OWNER.id,
  ];
  await run(`till ${code}`, '../till/main.ts', args, { COUNTERFOIL_TILL_TOKEN: token });
  return `till ${code}    http://127.0.0.1:${port}/#token=${token}`;
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Tills first: what they still have to send goes to an HQ that is there.
  for (const child of children.toReversed()) await child.stop();
  process.exit(code);
}

function openBrowser(line: string): void {
  const address = /http\S+/.exec(line)?.[0] ?? line;
  const command = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  const child = spawn(command, [address], { stdio: 'ignore', detached: true });
  // No desktop: the addresses are printed, that is enough.
  child.on('error', () => {});
  child.unref();
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_000)
    throw new InvalidArgumentError('a port was expected');
  return port;
}

function tillCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 40)
    throw new InvalidArgumentError('1 to 40 was expected');
  return count;
}

function storeKind(text: string): 'pg' | 'pglite' {
  if (text !== 'pg' && text !== 'pglite') throw new InvalidArgumentError('pg or pglite was expected');
  return text;
}
