/**
 * `npm run till`: one till for real use, one process on one data folder.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Command, Option } from 'commander';
import { type LogFormat, logLine } from '../core/log-line.ts';
import { keepCa, readCa } from './hq-ca.ts';
import { runTill } from './run.ts';

const options = new Command('till')
  .description('Runs one till: its journal, devices, sync, and its screens on this machine.')
  .requiredOption('--data <folder>', "the till's data folder, made by `counterfoil enrol`")
  .option('--port <number>', 'loopback port of the screens; 0 for any', '4610')
  .option(
    '--scanner <address>',
    'serial:/dev/ttyUSB0@9600, hid:/dev/hidraw0, virtual, or none (a wedge types)',
  )
  .option('--printer <address>', 'serial:/dev/ttyUSB1@115200, tcp:192.168.1.9:9100, virtual, or none')
  .option('--profile <id>', 'printer profile, with --printer')
  .option('--scale <address>', 'serial:/dev/ttyUSB2@9600,7e1, tcp:HOST:PORT, virtual, or none')
  .option('--display <address>', 'pole display: serial:/dev/ttyUSB3@9600, usb:PATH, virtual, or none')
  .addHelpText(
    'after',
    "\nDevices are set up on the till's device page (Shift+F11) and kept in devices.json of the folder. An address given\n" +
      'here holds for this start instead; virtual and none are only what a role begins with.',
  )
  .option('--ca <file>', "the chain's own CA, in PEM: kept in the folder from then on")
  .option('--cashier <name>', 'name of the cashier', '01')
  .option('--sign-on <staff>', 'start with this member of staff signed on, without a PIN: for demos')
  .addOption(
    new Option('--log <format>', 'log lines for people or for machines')
      .choices(['text', 'json'])
      .default('text'),
  )
  .parse()
  .opts<{
    log: LogFormat;
    ca?: string;
    signOn?: string;
    data: string;
    port: string;
    scanner?: string;
    printer?: string;
    profile?: string;
    scale?: string;
    display?: string;
    cashier: string;
  }>();

const log = (text: string) =>
  process.stderr.write(`${logLine(options.log, { atMs: Date.now(), from: 'till', text })}\n`);

try {
  if (options.ca !== undefined) keepCa(path.resolve(options.data), readCa(options.ca, Date.now()));
  const running = await runTill({
    folder: path.resolve(options.data),
    port: Number(options.port),
    // A parent that restarts this process may keep its pages alive by giving the token.
    token: process.env.COUNTERFOIL_TILL_TOKEN ?? randomBytes(24).toString('hex'),
    scanner: options.scanner,
    printer: options.printer,
    printerProfile: options.profile,
    scale: options.scale,
    display: options.display,
    cashier: { id: '01', name: options.cashier },
    ...(options.signOn === undefined ? {} : { signOn: options.signOn }),
    log,
  });
  process.stdout.write(`till ${running.till.identity.tillCode} ${running.server.address}\nready\n`);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void running.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Started by `npm start`: when that is gone, so are we.
  process.on('disconnect', stop);
} catch (cause) {
  process.stderr.write(`counterfoil: the till did not start: ${(cause as Error).message}\n`);
  process.exit(1);
}
