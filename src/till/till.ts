/**
 * The till: one folder, one journal, one open basket, put together from its parts.
 *
 * `commit` is the heart: the entry is appended and fsynced, and only then do the projections, the printer, the cloud and
 * the screen hear of it.
 */
import path from 'node:path';
import type { EntryBody } from '../core/entry.ts';
import { cardTail } from '../core/loyalty.ts';
import type { BytePort, Chance, Clock, Sha256 } from '../core/ports.ts';
import { type ReceiptDoc, type ReceiptFacts, receiptOf } from '../core/receipt.ts';
import type { Sale } from '../core/sale.ts';
import { cashMovedSlip, drawerOpenedSlip, shiftSlip } from '../core/slip.ts';
import type { Store } from '../core/store.ts';
import type { LineArtist } from '../devices/line-artist.ts';
import { printBytes } from '../devices/print.ts';
import type { PrinterProfile } from '../devices/printer-profile.ts';
import type { ScannerConfig } from '../devices/scanner.ts';
import { Catalog } from './catalog.ts';
import { Checkout } from './checkout.ts';
import { asTillDbError, checkpoint, lockFolder, openTillDb, type Sqlite } from './db.ts';
import { Drawer, zReportOf } from './drawer.ts';
import { FeedWriter } from './feed.ts';
import { type Identity, IdentityStore } from './identity.ts';
import { type Appended, Journal } from './journal.ts';
import { type KeyPort, keyFile } from './key.ts';
import { Parking } from './parking.ts';
import { Projections } from './projection.ts';
import { ScanLine } from './scan-line.ts';
import { type Cashier, Session } from './session.ts';
import { type PrintJob, Spool } from './spool.ts';
import { State } from './state.ts';
import { Link } from './sync.ts';

export interface TillDevices {
  readonly openScanner: (() => Promise<BytePort>) | null;
  readonly scanner: Partial<ScannerConfig>;
  readonly openPrinter: (() => Promise<BytePort>) | null;
  readonly printer: PrinterProfile;
  /** Draws what the printer has no letters for; without one it prints `?`. */
  readonly artist?: LineArtist | null;
}

export interface TillConfig {
  readonly folder: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sha256: Sha256;
  readonly devices: TillDevices;
  readonly cashier: Cashier;
  readonly appVersion: string;
  readonly log: (text: string) => void;
  readonly key?: KeyPort;
  /** Off for tools that only read or only sell. */
  readonly sync?: boolean;
}

/** After this long without a sale the WAL is moved into the file. */
const IDLE_CHECKPOINT_MS = 2_000;

export class Till {
  readonly config: TillConfig;
  readonly identity: Identity;
  readonly journal: Journal;
  readonly catalog: Catalog;
  readonly session: Session;
  readonly checkout: Checkout;
  readonly projections: Projections;
  readonly spool: Spool;
  readonly drawer: Drawer;
  readonly parking: Parking;
  readonly state: State;
  readonly feed: FeedWriter;
  readonly link: Link | null;
  readonly scanLine: ScanLine;
  /** Set by the API: a code came in over the scanner's line. */
  onScan: (text: string) => void = () => {};
  onGarbage: () => void = () => {};
  onChange: () => void = () => {};
  private readonly lock: { release(): void };
  private readonly journalDb: Sqlite;
  private readonly shopDb: Sqlite;
  private idleTimer: NodeJS.Timeout | null = null;

  /** @throws TillDbError, or `NotEnrolledError` when the folder belongs to no cloud yet */
  constructor(config: TillConfig) {
    this.config = config;
    this.lock = lockFolder(config.folder);
    const files = openFiles(config, this.lock);
    this.journalDb = files.journal;
    this.shopDb = files.shop;
    try {
      const ids = new IdentityStore(this.journalDb);
      const identity = ids.read();
      if (identity === null) throw new NotEnrolledError(config.folder);
      this.identity = identity;
      const file = path.join(config.folder, 'journal.db');
      this.journal = new Journal(this.journalDb, config.sha256, identity, file);
      this.state = new State(this.shopDb);
      this.feed = new FeedWriter(this.shopDb, this.state);
      this.catalog = new Catalog(this.shopDb);
      this.projections = new Projections(this.shopDb, this.journal, this.state, {
        prints: config.devices.openPrinter !== null,
        clockMs: () => config.clock.nowMs(),
      });
      this.projections.catchUp();
      const { tillCode } = identity;
      this.session = new Session({
        ...config,
        tillCode,
        journal: this.journal,
        projections: this.projections,
      });
      this.openJournal();
      this.checkout = new Checkout(
        this.catalog,
        this.session,
        () => `${this.catalog.rulesVersion}/${this.state.text('rules_version') ?? 'none'}`,
      );
      this.drawer = new Drawer(this);
      this.parking = new Parking(this.shopDb, () => this.checkout.parked(), config.log);
      this.resumeBasket();
      this.spool = new Spool({
        db: this.shopDb,
        open: config.devices.openPrinter,
        printer: config.devices.printer,
        render: (job) => this.slip(job),
        onChange: () => this.onChange(),
        log: config.log,
      });
      this.scanLine = new ScanLine({
        open: config.devices.openScanner,
        config: config.devices.scanner,
        clock: config.clock,
        onScan: ({ text }) => this.onScan(text),
        onGarbage: () => this.onGarbage(),
        onChange: () => this.onChange(),
      });
      this.link = config.sync === false ? null : this.makeLink(ids);
    } catch (cause) {
      this.closeFiles();
      throw asTillDbError(cause, path.join(config.folder, 'shop.db'));
    }
  }

  start(): void {
    this.link?.start();
    this.spool.poke();
    void this.scanLine.start();
  }

  async stop(): Promise<void> {
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    this.parking.flush();
    await this.scanLine.stop();
    await this.link?.stop();
    await this.spool.close();
    this.closeFiles();
  }

  /**
   * Commits an entry. When this returns it is on disk; everything else follows from the journal.
   *
   * @param given the shift that the entry itself opens
   */
  commit(body: EntryBody, store: Store, given: { readonly shiftId?: string } = {}): Appended {
    const appended = this.journal.append({ ...this.session.entryStamp(store.timeZone), ...given }, body);
    if (body.kind === 'sale') this.session.committed(body.body.receiptSeq);
    // Told only now: whatever happens to these, the sale stands and they find it in the journal again.
    this.link?.poke();
    setImmediate(() => this.afterCommit());
    return appended;
  }

  saleAt(seq: number): (Appended & { readonly sale: Sale }) | null {
    const appended = this.journal.at(seq);
    return appended !== null && appended.entry.kind === 'sale'
      ? { ...appended, sale: appended.entry.body }
      : null;
  }

  receiptFacts(appended: Appended & { readonly sale: Sale }, copy: boolean): ReceiptFacts | null {
    const { store } = this.catalog;
    if (store === null) return null;
    const { sale, entry, hash } = appended;
    const member = sale.memberId === null ? null : this.catalog.memberById(sale.memberId);
    const memberTail = member === null ? null : cardTail(member.cardNo);
    // The cashier's number, not the name: HQ draws the same receipt and must come to the same paper.
    const cashierName = entry.cashierId;
    return { sale, store, atMs: entry.atMs, cashierName, entryHash: hash, memberTail, copy };
  }

  private slip({ seq, copy }: PrintJob): Uint8Array {
    const doc = this.slipDoc(seq, copy);
    if (doc === null) throw new Error(`entry ${seq} is nothing that can be printed`);
    const { printer, artist = null } = this.config.devices;
    return printBytes(doc, printer, { artist });
  }

  /** What an entry looks like on paper; null: nothing. */
  private slipDoc(seq: number, copy: boolean): ReceiptDoc | null {
    const appended = this.journal.at(seq);
    const { store } = this.catalog;
    if (appended === null || store === null) return null;
    const { entry, hash } = appended;
    const facts = {
      store,
      tillCode: this.identity.tillCode,
      cashierId: entry.cashierId,
      atMs: entry.atMs,
      copy,
    };
    switch (entry.kind) {
      case 'sale':
        return receiptOf(this.receiptFacts({ entry, hash, sale: entry.body }, copy)!);
      case 'shift_closed':
        return shiftSlip(zReportOf(entry), facts);
      case 'cash_moved':
        return cashMovedSlip(entry.body, facts);
      case 'drawer_opened':
        return drawerOpenedSlip(entry.body.reason, facts);
      default:
        return null;
    }
  }

  /** The basket that was open when the till went down, unless it was paid in its last moment. */
  private resumeBasket(): void {
    const parked = this.parking.load();
    if (parked === null || this.projections.saleById(parked.basket.id) !== null) return;
    this.checkout.restore(parked);
  }

  private afterCommit(): void {
    try {
      this.projections.catchUp();
      this.spool.poke();
    } catch (cause) {
      this.config.log(`projections: ${(cause as Error).message}`);
    }
    this.onChange();
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.checkpoint(), IDLE_CHECKPOINT_MS);
  }

  private checkpoint(): void {
    try {
      checkpoint(this.journalDb);
      checkpoint(this.shopDb);
    } catch (cause) {
      this.config.log(`checkpoint: ${(cause as Error).message}`);
    }
  }

  /** A new journal says whose it is before anything else. */
  private openJournal(): void {
    if (this.journal.head.seq > 0) return;
    const { storeId, tillCode } = this.identity;
    const timeZone = this.catalog.store?.timeZone ?? 'UTC';
    this.journal.append(this.session.entryStamp(timeZone), {
      kind: 'journal_opened',
      body: { storeId, tillCode, follows: null },
    });
  }

  private makeLink(ids: IdentityStore): Link {
    const { clock, chance, appVersion, log } = this.config;
    return new Link({
      identity: this.identity,
      deviceKey: ids.deviceKey(),
      journal: this.journal,
      feed: this.feed,
      state: this.state,
      clock,
      chance,
      appVersion,
      log,
      onChange: () => this.onChange(),
      onFeed: ({ applied, settingsChanged }) => {
        if (settingsChanged) this.catalog.reload();
        if (applied > 0) this.checkout.repriced();
      },
    });
  }

  private closeFiles(): void {
    this.journalDb.close();
    this.shopDb.close();
    this.lock.release();
  }
}

export class NotEnrolledError extends Error {
  override name = 'NotEnrolledError';

  constructor(folder: string) {
    super(
      `${folder} belongs to no HQ yet: run \`npx counterfoil enrol --cloud URL --code CODE --data ${folder}\``,
    );
  }
}

function openFiles(config: TillConfig, lock: { release(): void }): { journal: Sqlite; shop: Sqlite } {
  const { folder, chance } = config;
  let journal: Sqlite | null = null;
  try {
    const key = (config.key ?? keyFile(folder, chance)).load();
    journal = openTillDb(path.join(folder, 'journal.db'), 'journal', key);
    return { journal, shop: openTillDb(path.join(folder, 'shop.db'), 'shop', key) };
  } catch (cause) {
    journal?.close();
    lock.release();
    throw cause;
  }
}
