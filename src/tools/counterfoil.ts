/**
 * `npx counterfoil COMMAND`: tools for people who run shops.
 *
 * Each command loads what it needs when it is asked for: a code is explained without loading HQ.
 */
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';

const program = new Command('counterfoil').description('Tools for people who run shops with Counterfoil.');

program
  .command('replay')
  .description('Rings up the sales of a file at real tills, syncs them to a real HQ, and compares all three.')
  .argument(
    '<file>',
    'CSV or CSV.gz: invoice_no,stock_code,description,quantity,invoice_date,unit_price,customer_id,country',
  )
  .option('--stores <number>', 'stores', wholeNumber, 2)
  .option('--tills <number>', 'tills a store', wholeNumber, 2)
  .option('--limit <number>', 'first so many receipts', wholeNumber)
  .option('--store <kind>', 'pg or pglite (DATABASE_URL wins)', 'pg')
  .option('--json', 'print the report as JSON')
  .action(async (file: string, options) => {
    const { replay } = await import('./replay.ts');
    const report = await replay({
      file,
      stores: options.stores,
      tills: options.tills,
      limit: options.limit ?? Number.POSITIVE_INFINITY,
      store: options.store,
      databaseUrl: process.env.DATABASE_URL || null,
      quiet: options.json === true && !process.stderr.isTTY,
    });
    const whole = report.firstDifference === null && report.lost === 0 && report.duplicated === 0;
    if (options.json) console.log(JSON.stringify(report));
    else {
      const { skippedByRule, ...rest } = report;
      console.table({
        ...rest,
        ...Object.fromEntries(Object.entries(skippedByRule).map(([k, v]) => [`skipped ${k}`, v])),
      });
      console.log(whole ? 'file = journals = cloud' : `difference: ${report.firstDifference}`);
    }
    if (!whole) {
      process.stderr.write(
        `counterfoil: ${report.firstDifference ?? `${report.lost} lost, ${report.duplicated} duplicated`}\n`,
      );
      process.exitCode = 1;
    }
  });

program
  .command('verify')
  .description("Walks a till's chain: intact, or the first break and what kind it is.")
  .argument('<file>', "a till's folder, its journal.db, or a text file of entries")
  .option('--key <file>', 'key file, where it is not till.key beside the journal')
  .option(
    '--head <file>',
    "HQ's word on the till, as GET /api/v1/tills/:tillId/head answers it: shows a cut tail",
  )
  .option('--json', 'print the report as JSON')
  .action(async (file: string, options) => {
    const { verifyFile, verifyWords } = await import('./verify.ts');
    const report = await verifyFile(file, options.key ?? null, options.head ?? null);
    console.log(options.json ? JSON.stringify(report) : verifyWords(report));
    if (report.broken !== null) process.exitCode = 1;
  });

program
  .command('rescue')
  .description('Pushes what HQ still lacks from the disk of a till that is broken, replaced or cut off.')
  .argument('<folder>', "the till's data folder, or what was saved of it")
  .option('--cloud <url>', "HQ's address, where it is another one than the till knew")
  .option(
    '--ticket <ticket>',
    'of HQ, where the till was cut off or replaced (POST …/tills/:tillId/rescue-tickets)',
  )
  .option('--ca <file>', "the chain's own CA, in PEM, where HQ's certificate is of it")
  .option('--json', 'print the report as JSON')
  .action(async (folder: string, options) => {
    const { rescue, rescueWords } = await import('./rescue.ts');
    const report = await rescue({
      folder: path.resolve(folder),
      cloudUrl: options.cloud ?? null,
      ticket: options.ticket ?? null,
      caFile: options.ca ?? null,
    });
    console.log(options.json ? JSON.stringify(report) : rescueWords(report));
    if (report.left > 0) process.exitCode = 1;
  });

program
  .command('backup')
  .description("Backs up a till's folder or HQ's data, while they run. Keys are not in it: keep them apart.")
  .argument('[folder]', "a till's or HQ's data folder; left out: the database of DATABASE_URL")
  .requiredOption('--to <path>', "a new folder for a till's backup, a new file for HQ's")
  .option('--json', 'print the report as JSON')
  .action(async (folder: string | undefined, options) => {
    const { backup, backupWords } = await import('./backup.ts');
    const databaseUrl = process.env.DATABASE_URL || null;
    const report = await backup({
      ...{ folder: folder ?? null, to: options.to, databaseUrl, nowMs: Date.now() },
    });
    console.log(options.json ? JSON.stringify(report) : backupWords(report));
  });

program
  .command('restore')
  .description('Puts a backup into a new folder or an empty database, all of it or nothing, and proves it.')
  .argument('<backup>', 'what `backup` made')
  .option('--to <folder>', 'the new data folder; left out: the empty database of DATABASE_URL')
  .option('--key <file>', "a till's key file, where it is not till.key beside the backup's files")
  .addOption(new Option('--store <kind>', "of HQ's new folder").choices(['pg', 'pglite']).default('pg'))
  .option('--json', 'print the report as JSON')
  .action(async (from: string, options) => {
    const { restore, restoredWords } = await import('./backup.ts');
    const { to: folder = null, key = null, store } = options;
    const databaseUrl = process.env.DATABASE_URL || null;
    const report = await restore({ ...{ from, folder, key, store, databaseUrl, nowMs: Date.now() } });
    console.log(options.json ? JSON.stringify(report) : restoredWords(report));
  });

program
  .command('enrol')
  .description('Makes a folder a till of your HQ, with the one-time code that HQ shows.')
  .requiredOption('--cloud <url>', "HQ's address, for example https://hq.example.com")
  .requiredOption('--code <code>', 'the one-time code')
  .requiredOption('--data <folder>', "the till's new data folder")
  .option('--ca <file>', "the chain's own CA, in PEM; the till keeps it")
  .option('--json', 'print the identity as JSON')
  .action(async (options) => {
    const { enrolTill } = await import('../till/enrol.ts');
    const { systemChance, systemClock } = await import('../till/run.ts');
    const identity = await enrolTill({
      folder: path.resolve(options.data),
      cloudUrl: options.cloud,
      code: options.code,
      caFile: options.ca ?? null,
      clock: systemClock,
      chance: systemChance,
    });
    console.log(
      options.json
        ? JSON.stringify(identity)
        : `this folder is till ${identity.tillCode} of store ${identity.storeId} now; start it with npm run till -- --data ${options.data}`,
    );
  });

program
  .command('change-key')
  .description('Gives a till that is stopped another device key, with a one-time code of HQ for it.')
  .argument('<folder>', "the till's data folder")
  .requiredOption('--code <code>', 'the one-time code (POST /api/v1/tills/:tillId/enrolment-codes)')
  .option('--json', 'print the identity as JSON')
  .action(async (folder: string, options) => {
    const { changeDeviceKey } = await import('../till/enrol.ts');
    const { systemChance, systemClock } = await import('../till/run.ts');
    const identity = await changeDeviceKey({
      folder: path.resolve(folder),
      code: options.code,
      clock: systemClock,
      chance: systemChance,
    });
    console.log(
      options.json
        ? JSON.stringify(identity)
        : `till ${identity.tillCode} has a new key; HQ takes the old one no more`,
    );
  });

const user = program.command('user').description("Users of HQ's console, on the machine that HQ runs on.");
user
  .command('add')
  .description('Adds a user and prints a password that is good for one sign-in.')
  .argument('<login>', 'what the user types to sign in')
  .addOption(
    new Option('--role <role>', 'what the user may do')
      .choices(['admin', 'marketing', 'service', 'finance', 'manager', 'auditor'])
      .makeOptionMandatory(),
  )
  .option('--name <name>', 'the name that is shown; the login where it is left out')
  .option('--stores <ids>', 'only for these stores: S01,S02', (text: string) => text.split(','))
  .option('--cloud <url>', "HQ's address", 'http://127.0.0.1:4600')
  .option('--data <folder>', "HQ's data folder, for its hq-token", '.data/cloud')
  .option('--json', 'print login and password as JSON')
  .action(async (login: string, options) => {
    const { addConsoleUser, ownerClient } = await import('./users.ts');
    const { name = login, role, stores = null, cloud, data, json } = options;
    const password = await addConsoleUser(ownerClient(cloud, data), { login, name, role, stores });
    console.log(json ? JSON.stringify({ login, password }) : signInWords(cloud, login, password));
  });
user
  .command('reset')
  .description('Prints a new password, good for one sign-in, for who forgot theirs.')
  .argument('<login>', 'whose')
  .option('--cloud <url>', "HQ's address", 'http://127.0.0.1:4600')
  .option('--data <folder>', "HQ's data folder, for its hq-token", '.data/cloud')
  .option('--json', 'print login and password as JSON')
  .action(async (login: string, { cloud, data, json }) => {
    const { ownerClient, resetConsoleUser } = await import('./users.ts');
    const password = await resetConsoleUser(ownerClient(cloud, data), login);
    console.log(json ? JSON.stringify({ login, password }) : signInWords(cloud, login, password));
  });

program
  .command('import')
  .description('Checks a CSV or Excel file of members row by row; with --apply its members go to HQ.')
  .argument('<file>', 'CSV (UTF-8, GB18030, GBK, Big5) or .xlsx; the first row names the columns')
  .option('--apply', 'write: without it nothing is changed')
  .option('--map <column=target>', 'what a column means: 鞋码=field:shoe; COLUMN= leaves it out', collect, [])
  .option('--encoding <name>', 'of a CSV file, where it cannot be told: utf-8, gb18030, big5, utf-16le')
  .option('--sheet <name>', 'of a workbook; the first without')
  .option('--cloud <url>', "HQ's address", 'http://127.0.0.1:4600')
  .option('--data <folder>', "HQ's data folder, for its hq-token", '.data/cloud')
  .option('--json', 'print the report as JSON')
  .action(async (file: string, options) => {
    const [{ importMembers, importWords }, { ownerToken }] = await Promise.all([
      import('./member-files.ts'),
      import('./users.ts'),
    ]);
    const { apply, map, encoding, sheet, cloud, data, json } = options;
    const hq = { url: cloud, token: ownerToken(data) };
    const quiet = json === true && !process.stderr.isTTY;
    const run = await importMembers(hq, { file, dryRun: apply !== true, encoding, sheet, map, quiet });
    console.log(json ? JSON.stringify(run) : importWords(run));
    if (run.state !== 'done' || run.refused > 0) process.exitCode = 1;
  });

program
  .command('export')
  .description('Writes members to a CSV or Excel file that `import` takes again.')
  .argument('<file>', 'FILE.csv or FILE.xlsx; it holds personal data')
  .option('--segment <id>', 'the members of a saved segment alone')
  .option('--cloud <url>', "HQ's address", 'http://127.0.0.1:4600')
  .option('--data <folder>', "HQ's data folder, for its hq-token", '.data/cloud')
  .option('--json', 'print the report as JSON')
  .action(async (file: string, { segment, cloud, data, json }) => {
    const [{ exportMembers }, { ownerToken }] = await Promise.all([
      import('./member-files.ts'),
      import('./users.ts'),
    ]);
    const bytes = await exportMembers({ url: cloud, token: ownerToken(data) }, { file, segmentId: segment });
    console.log(json ? JSON.stringify({ file, bytes }) : `${file}: ${bytes} bytes`);
  });

program
  .command('price')
  .description(
    'Prices a basket from a file: lines, every discount with its reason, taxes, total, near misses.',
  )
  .argument(
    '<file>',
    'JSON: { items, rules, member, coupons, basket, at }; see test/fixtures/price/example.json',
  )
  .option('--json', 'print the priced basket as JSON')
  .action(async (file: string, options) => {
    const { priceFromFile } = await import('./price.ts');
    console.log(priceFromFile(file, options.json === true));
  });

program
  .command('scan')
  .description(
    'Says what codes mean, or what is wrong with them where: from a scanner, typed, or a Digital Link.',
  )
  .argument(
    '[codes...]',
    'codes; without any, one a line from stdin (GS characters and AIM ids as they come)',
  )
  .option('--json', 'one JSON object a line, in the order of the codes')
  .option(
    '--templates <list>',
    'in-store layouts PATTERN:DECIMALS,… or none (default: 21IIIIIWWWWWC:3,22IIIIIPPPPPC:2)',
  )
  .option('--currency <code>', 'currency of prices in codes', 'CNY')
  .option('--no-associations', 'let pass identifiers without those that belong with them')
  .action(async (codes: string[], options) => {
    const { Lines, scanCodes, scanSetting } = await import('./scan.ts');
    const { templates, currency, associations } = options;
    const setting = scanSetting({ templates, currency, associations, yearNow: new Date().getFullYear() });
    const source = codes.length > 0 ? codes : new Lines(process.stdin);
    await scanCodes(source, process.stdout, { json: options.json === true, setting });
  });

program
  .command('receipt')
  .description(
    'Shows what a receipt printer makes of a file of ESC/POS bytes: the paper as text, picture, JSON.',
  )
  .argument('<file>', 'the bytes, as a till sent them to its printer; - reads the standard input')
  .option('--png <out>', 'write the paper as a picture')
  .option('--text', 'print the paper as text (what is done without any option)')
  .option('--json', 'print text, slips, codes, every command and warnings as one JSON object')
  .addOption(new Option('--width <mm>', 'paper width').choices(['58', '80']).default('80'))
  .option(
    '--encoding <name>',
    'gb18030, gbk, big5, utf8, or the code page that the printer starts with',
    'gb18030',
  )
  .action(async (file: string, options) => {
    const { readReceiptFile, receiptJson, receiptText, warningLines, writeReceiptPng } = await import(
      './receipt.ts'
    );
    const settings = { width: options.width === '58' ? 58 : 80, encoding: options.encoding } as const;
    const reading = readReceiptFile(file, settings);
    if (options.png !== undefined) {
      const done = writeReceiptPng(options.png, reading.slips, settings.encoding);
      process.stderr.write(`counterfoil: ${options.png}: ${done}\n`);
    }
    if (options.json === true) console.log(receiptJson(file, reading, settings));
    else {
      if (options.text === true || options.png === undefined) process.stdout.write(receiptText(reading));
      for (const line of warningLines(reading)) process.stderr.write(`counterfoil: ${line}\n`);
    }
  });

function signInWords(url: string, login: string, password: string): string {
  return `sign in at ${url} as ${login} with ${password}, once; then choose a password of your own`;
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number above 0 was expected');
  return Number(text);
}

try {
  await program.parseAsync();
} catch (cause) {
  process.stderr.write(`counterfoil: ${(cause as Error).message}\n`);
  process.exitCode = 1;
}
