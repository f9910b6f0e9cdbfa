/**
 * `npm run cloud`: HQ for real use.
 *
 * DATABASE_URL names a PostgreSQL; without it the embedded one keeps its data in `--data`.
 */
import path from 'node:path';
import { Command, Option } from 'commander';
import { type LogFormat, logLine } from '../src/core/log-line.ts';
import { hasUsers } from './access/users.ts';
import { startCloud } from './cloud.ts';

const options = new Command('cloud')
  .description('Runs HQ: API, console and the sync that tills connect to.')
  .option('--port <number>', 'port', '4600')
  .option('--host <address>', 'address to listen on; 0.0.0.0 for all', '127.0.0.1')
  .option('--data <folder>', 'data folder', '.data/cloud')
  .option('--store <kind>', 'pg (embedded PostgreSQL) or pglite', 'pg')
  .option('--webhook-allow <network...>', 'networks of your own that webhooks may lead to, 10.1.0.0/16', [])
  .option('--tls-cert <file>', 'certificate chain in PEM: HQ speaks TLS itself, with --tls-key')
  .option('--tls-key <file>', 'its key, in PEM; both are read again on SIGHUP')
  .option(
    '--change-key',
    'sign with a new key from this start on; tills follow by the word of the old one',
    false,
  )
  .option('--open-on-loopback', 'browsers on this machine need no token', false)
  .addOption(
    new Option('--log <format>', 'log lines for people or for machines')
      .choices(['text', 'json'])
      .default('text'),
  )
  .parse()
  .opts<{
    log: LogFormat;
    port: string;
    host: string;
    data: string;
    store: 'pg' | 'pglite';
    openOnLoopback: boolean;
    webhookAllow: string[];
    changeKey: boolean;
    tlsCert?: string;
    tlsKey?: string;
  }>();

const log = (text: string) =>
  process.stderr.write(`${logLine(options.log, { atMs: Date.now(), from: 'hq', text })}\n`);

try {
  const cloud = await startCloud({
    host: options.host,
    port: Number(options.port),
    db: {
      databaseUrl: process.env.DATABASE_URL || null,
      store: options.store,
      folder: path.resolve(options.data),
    },
    openOnLoopback: options.openOnLoopback,
    changeKey: options.changeKey,
    webhooks: { allow: options.webhookAllow },
    ...(options.tlsCert === undefined && options.tlsKey === undefined
      ? {}
      : { tls: { certFile: options.tlsCert ?? null, keyFile: options.tlsKey ?? null } }),
    log,
  });
  if (!options.openOnLoopback && !(await hasUsers(cloud.db)))
    log(
      `nobody can sign in to the console yet. The first user: npx counterfoil user add YOURNAME --role admin --data ${options.data} (it prints a password for the first sign-in)`,
    );
  process.stdout.write(`HQ ${cloud.url} on ${cloud.db.description}\nready\n`);
  let closing = false;
  const stop = () => {
    if (closing) return;
    closing = true;
    void cloud.close().then(() => process.exit(0));
  };
  process.on('SIGHUP', () => {
    try {
      if (cloud.reloadTls()) log('the certificate was read again');
    } catch (cause) {
      log((cause as Error).message);
    }
  });
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Started by `npm start`: when that is gone, so are we.
  process.on('disconnect', stop);
} catch (cause) {
  process.stderr.write(`counterfoil: HQ did not start: ${(cause as Error).message}\n`);
  process.exit(1);
}
