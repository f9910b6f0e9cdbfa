#!/usr/bin/env node
'use strict';
/**
 * Set-up, in plain CommonJS so that any Node can run it: makes a fresh clone ready, and starts the command-line tools.
 *
 *   node setup.cjs --ready        install what package-lock.json says when it is not installed, build the screens when
 *                                 their sources changed (`--no-ui` leaves them)
 *   node setup.cjs COMMAND ...    the same, then `counterfoil COMMAND ...` (this file is the `bin` of the package)
 *
 * The project runs on Node 24. It comes as a package for Linux and Windows, so an older system Node is enough to start.
 */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = __dirname;
const modules = path.join(root, 'node_modules');
const installStamp = path.join(modules, '.counterfoil-installed');
const uiStamp = path.join(root, '.build', 'ui-stamp');
const NODE_MAJOR = 24;

function main(args) {
  if (args[0] === '--ready') return ready({ ui: !args.includes('--no-ui') });
  ready({ ui: false });
  const result = spawnSync(nodeBinary(), [path.join(root, 'src', 'tools', 'counterfoil.ts'), ...args], {
    stdio: 'inherit',
    env: process.env,
  });
  process.exitCode = result.status === null ? 1 : result.status;
}

function ready({ ui }) {
  install();
  nodeBinary();
  if (ui) buildScreens();
}

// The long-running scripts are `exec node …`, so that a signal to npm reaches them and not a shell in between; cmd.exe
// has no such word, so Windows gets a file by that name.
function install() {
  const wanted = digest([path.join(root, 'package-lock.json')]) + process.platform + process.arch;
  if (read(installStamp) === wanted) return;
  say('installing packages (npm ci), once …');
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm
    ? [process.execPath, [npm]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  // npm's own words go to stderr: the stdout of a tool with --json stays clean.
  const result = spawnSync(command, [...prefix, 'ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) {
    fail('npm ci failed. Check that the npm registry can be reached, then run the same command again.');
  }
  if (process.platform === 'win32') fs.writeFileSync(path.join(modules, '.bin', 'exec.cmd'), '@%*\r\n');
  fs.writeFileSync(installStamp, wanted);
}

/** The Node 24 of node_modules, else the system's when that is new enough. */
function nodeBinary() {
  for (const name of [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`]) {
    const file = path.join(modules, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (fs.existsSync(file)) return file;
  }
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  return fail(
    `Counterfoil needs Node ${NODE_MAJOR} on ${process.platform}-${process.arch}; this is ${process.versions.node}. ` +
      `Install Node ${NODE_MAJOR} from your system's packages and run the same command again.`,
  );
}

const SCREENS = ['src/ui', 'cloud/hq/web'];

function buildScreens() {
  const sources = [
    'src/core',
    'src/till/api.ts',
    'src/till/api-customer.ts',
    'cloud/hq/schemas.ts',
    'package-lock.json',
    ...SCREENS,
  ];
  const wanted = digest(sources.flatMap((entry) => filesBelow(path.join(root, entry))));
  if (read(uiStamp) === wanted) return;
  say('building the screens, once …');
  for (const folder of SCREENS) {
    const vite = path.join(modules, 'vite', 'bin', 'vite.js');
    const result = spawnSync(nodeBinary(), [vite, 'build', path.join(root, folder), '--logLevel', 'warn'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (result.status !== 0) fail(`the screens in ${folder} did not build: see above`);
  }
  fs.mkdirSync(path.dirname(uiStamp), { recursive: true });
  fs.writeFileSync(uiStamp, wanted);
}

function filesBelow(entry) {
  if (!fs.existsSync(entry)) return [];
  if (!fs.statSync(entry).isDirectory()) return [entry];
  return fs
    .readdirSync(entry)
    .sort()
    .flatMap((name) => filesBelow(path.join(entry, name)));
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function say(text) {
  process.stderr.write(`counterfoil: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}

main(process.argv.slice(2));
