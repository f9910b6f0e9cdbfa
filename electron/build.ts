/**
 * Builds the desktop app into `.build/desktop`: the till as plain JavaScript, its screens, and the packages it needs.
 *
 * `npm run desktop` starts Electron on that folder, `npm run dist` makes installers of it. Only what the entries reach is taken:
 * HQ, tools and tests stay out. Types are cut off, and nothing else is changed, so a line number is that of the source.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const ENTRIES = ['electron/main.ts', 'electron/till-process.ts', 'native/driver-host.ts'];
/** Read by name at run time, not by an import. */
const DATA = ['src/till/migrations', '.build/till-ui'];
const PACKAGES = ['@fontsource/noto-sans-sc', '@fontsource/noto-sans-tc'];
/** Electron is around the app, not in it; HID off Linux is installed by who needs it; a shop has no PTYs. */
const LEFT_OUT = new Set(['electron', 'node-hid', '@lydell/node-pty-linux-x64']);

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** @returns the files of ours and the packages that went in */
export function buildDesktop(out: string): { readonly files: string[]; readonly packages: string[] } {
  if (!existsSync(path.join(ROOT, '.build/till-ui/index.html'))) {
    throw new Error('the screens are not built: run `node setup.cjs --ready` first');
  }
  rmSync(out, { recursive: true, force: true });
  const { files, bare } = reach();
  for (const [file, code] of files) put(path.join(out, file.replace(/\.ts$/, '.js')), code);
  for (const data of DATA) cpSync(path.join(ROOT, data), path.join(out, data), { recursive: true });
  const packages = closure([...bare, ...PACKAGES]);
  for (const name of packages) copyPackage(name, out);
  const { version } = manifestOf('.');
  const manifest = {
    name: 'counterfoil',
    productName: 'Counterfoil',
    version,
    description: 'A retail CRM that lives at the till.',
    author: 'Counterfoil',
    type: 'module',
    main: 'electron/main.js',
    // Where updates come from and who signs them; without a key none is put in.
    updates: {
      url: process.env.COUNTERFOIL_UPDATES_URL ?? null,
      key: process.env.COUNTERFOIL_UPDATES_KEY ?? null,
    },
    dependencies: Object.fromEntries(
      packages.map((name) => [name, manifestOf(`node_modules/${name}`).version]),
    ),
  };
  put(path.join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return { files: [...files.keys()], packages };
}

/** Every file that the entries import, with its types cut off; and the packages by name. */
function reach(): { readonly files: Map<string, string>; readonly bare: Set<string> } {
  const files = new Map<string, string>();
  const bare = new Set<string>();
  const waiting = [...ENTRIES];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    const source = readFileSync(path.join(ROOT, file), 'utf8');
    const code = file.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
    files.set(file, code.replace(LOCAL_TS, '$1$2.js$1'));
    if (!file.endsWith('.ts')) continue;
    for (const [, target] of code.matchAll(SPECIFIER)) {
      if (target!.startsWith('.')) waiting.push(path.posix.join(path.posix.dirname(file), target!));
      else if (!target!.startsWith('node:')) bare.add(packageOf(target!));
    }
  }
  return { files, bare };
}

/** `from 'x'`, `import 'x'`, `import('x')`, and files that are started by their address. */
const SPECIFIER =
  /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\bnew URL\(\s*(?=['"]\.{1,2}\/[^'"]*\.ts['"]))['"]([^'"\n]+)['"]/g;
const LOCAL_TS = /(['"])(\.{1,2}\/[^'"\n]+)\.ts\1/g;

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** What the packages need in turn, as far as it is installed for this system. */
function closure(names: Iterable<string>): string[] {
  const taken = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (taken.has(name) || LEFT_OUT.has(name) || !existsSync(path.join(ROOT, 'node_modules', name))) continue;
    taken.add(name);
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(`node_modules/${name}`);
    waiting.push(...Object.keys(dependencies), ...Object.keys(optionalDependencies));
  }
  return [...taken].sort();
}

function copyPackage(name: string, out: string): void {
  const from = path.join(ROOT, 'node_modules', name);
  const left = name.startsWith('@fontsource/') ? NO_PRINT_FONT : NO_RUN_TIME;
  cpSync(from, path.join(out, 'node_modules', name), {
    recursive: true,
    filter: (file) => !left.test(path.relative(from, file).replaceAll('\\', '/')),
  });
}

const NO_RUN_TIME = /(?:^|\/)(?:test|tests|docs|deps)$|\.(?:map|md|d\.ts|d\.mts|d\.cts)$/;
/** The screens have their fonts already; what is drawn for the printer needs two weights. */
const NO_PRINT_FONT =
  /\.(?:css|scss|woff2|md)$|-(?:100|200|300|500|600|800|900)-\w+\.woff$|^(?:scss|metadata)/;

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}

function put(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
