/**
 * The till: one folder, one journal, one open basket, put together from its parts.
 *
 * `commit` is the heart: the entry is appended and fsynced, and only then do the projections, the printer, the cloud and
 * the screen hear of it.
 */
import path from 'node:path';
import type { ChainHead, EntryBody, MemberEnrolled } from '../core/entry.ts';
import type { Locale } from '../core/item.ts';
import { cardTail } from '../core/loyalty.ts';
import type { Chance, Clock, Sha256 } from '../core/ports.ts';
import { practiceSlip } from '../core/practice.ts';
import { type ReceiptDoc, type ReceiptFacts, receiptOf } from '../core/receipt.ts';
import type { Sale } from '../core/sale.ts';
import { cashMovedSlip, drawerOpenedSlip, holdSlip, memberSlip, shiftSlip } from '../core/slip.ts';
import type { Store } from '../core/store.ts';
import type { StorePage } from '../core/store-page.ts';
import type { LineArtist } from '../devices/line-artist.ts';
import { printBytes } from '../devices/print.ts';
import type { SignedHead } from '../protocol/trust.ts';
import { Approvals } from './approvals.ts';
import { Catalog } from './catalog.ts';
import { Checkout } from './checkout.ts';
import { ClockWatch } from './clock-watch.ts';
import { asTillDbError, checkpoint, lockFolder, openTillDb, type Sqlite } from './db.ts';
import { type DeviceBench, Devices, type FixedDevices } from './devices.ts';
import { Drawer, zReportOf } from './drawer.ts';
import { type FeedResult, FeedWriter } from './feed.ts';
import { type DeviceKey, type Identity, IdentityStore, verifyEd25519 } from './identity.ts';
import { type Appended, Journal } from './journal.ts';
import { type KeyPort, keyFile } from './key.ts';
import { isLaterDone, makeNext } from './later-indexes.ts';
import { LeaseDesk } from './leases.ts';
import type { LogoSource } from './logo-file.ts';
import { MemberIndex } from './member-index.ts';
import { type Parked, Parking } from './parking.ts';
import { PaymentRows } from './payment-rows.ts';
import { People } from './people.ts';
import { type KeptPerson, Personal } from './personal.ts';
import { Projections } from './projection.ts';
import { ReadinessDesk } from './readiness.ts';
import { Returns } from './returns.ts';
import { RightsBook } from './rights.ts';
import { type Cashier, Session } from './session.ts';
import { SnapshotLoader } from './snapshot.ts';
import { type PrintJob, Spool } from './spool.ts';
import { State } from './state.ts';
import { storePageOf } from './store-page.ts';
import { type Connect, Link } from './sync.ts';
import { reopenJournal } from './went-back.ts';

export interface TillDevices extends FixedDevices {
  /** Draws what the printer has no letters for; without one it prints `?`. */
  readonly artist?: LineArtist | null;
  /** The shop's picture for receipts. */
  readonly logo?: LogoSource | null;
  readonly payTimes?: Partial<PayTimes>;
  /** Where devices are found and set up; without one they are the ones given here, for good. */
  readonly bench?: DeviceBench;
}

/** How long the till waits for a terminal, in milliseconds. */
export interface PayTimes {
  /** For the customer: after that the terminal is asked what became of it. */
  readonly waitMs: number;
  /** For a cancelled payment to end. */
  readonly cancelMs: number;
  /** Between two questions to a terminal that does not answer. */
  readonly retryMs: number;
}

export interface TillConfig {
  readonly folder: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sha256: Sha256;
  readonly devices: TillDevices;
  /** Who entries name while the store has no staff list. */
  readonly cashier: Cashier;
  /** Signed on at the start, for demos and tools: no PIN is asked. */
  readonly signOn?: string;
  readonly appVersion: string;
  readonly log: (text: string) => void;
  readonly key?: KeyPort;
  /** Off for tools that only read or only sell. */
  readonly sync?: boolean;
  /** How the line to HQ is opened; not given: a WebSocket. */
  readonly connect?: Connect;
  /** For a disk that is rescued: it pushes what HQ lacks and does nothing else. */
  readonly rescue?: { readonly ticket: string | null; readonly cloudUrl: string | null };
  /** How the two files are opened; the simulator's disks fail. */
  readonly openDb?: typeof openTillDb;
}

/** Whom entries name that nobody made. */
const NOBODY: Cashier = { id: '-', name: '' };

/** The signed head is copied into the journal's file so often, and at each stop: a commit of its own. */
const HEAD_KEPT_EVERY_MS = 60_000;

/** After this long without a sale the WAL is moved into the file. */
const IDLE_CHECKPOINT_MS = 2_000;

/** Some ten milliseconds of work, then room for a scan. */
const FILL_ROWS = 400;
const FILL_PAUSE_MS = 15;
/** A basket is looked at again after this. */
const SERVED_MS = 5_000;
const FILLS_A_CHECKPOINT = 100;

export class Till {
  readonly config: TillConfig;
  /** Who this till is; the journal's id changes when a disk has gone back in time. */
  identity: Identity;
  readonly journal: Journal;
  readonly catalog: Catalog;
  readonly session: Session;
  readonly people: People;
  readonly approvals: Approvals;
  readonly deviceKey: DeviceKey;
  readonly clockWatch: ClockWatch;
  readonly personal: Personal;
  readonly checkout: Checkout;
  readonly returns: Returns;
  readonly projections: Projections;
  readonly rights: RightsBook;
  readonly leases: LeaseDesk;
  /** How well this till would do with the line down. */
  readonly readiness: ReadinessDesk;
  /** What is under way at the terminal and the wallets. */
  readonly payments: PaymentRows;
  /** Who may do what here. */
  readonly spool: Spool;
  readonly drawer: Drawer;
  readonly parking: Parking;
  readonly state: State;
  readonly feed: FeedWriter;
  readonly link: Link | null;
  readonly devices: Devices;
  /** Set by the API: a code came in over a scanner's line. */
  onScan: (text: string, aim: string | null, scanner?: number) => void = () => {};
  onGarbage: () => void = () => {};
  private readonly watchers = new Set<() => void>();
  /** Set by the API: the till is going down. */
  onStop: () => void = () => {};
  private readonly ids: IdentityStore;
  private readonly lock: { release(): void };
  private readonly journalDb: Sqlite;
  private readonly shopDb: Sqlite;
  private readonly snapshot: SnapshotLoader | null;
  private fillTimer: NodeJS.Timeout | null = null;
  private idleTimer: NodeJS.Timeout | null = null;
  private fillSteps = 0;
  private headKeptMs: number | null = null;
  private toSignOn: string | null;

  /** @throws TillDbError, or `NotEnrolledError` when the folder belongs to no cloud yet */
  constructor(config: TillConfig) {
    this.config = config;
    this.toSignOn = config.signOn ?? null;
    this.lock = lockFolder(config.folder);
    const files = openFiles(config, this.lock);
    this.journalDb = files.journal;
    this.shopDb = files.shop;
    try {
      this.ids = new IdentityStore(this.journalDb);
      const { ids } = this;
      const identity = ids.read();
      if (identity === null) throw new NotEnrolledError(config.folder);
      this.identity = identity;
      const file = path.join(config.folder, 'journal.db');
      this.journal = new Journal(this.journalDb, config.sha256, identity, file);
      this.state = new State(this.shopDb);
      this.personal = new Personal(this.journalDb);
      this.devices = new Devices({
        fixed: config.devices,
        bench: config.devices.bench ?? null,
        clock: config.clock,
        onScan: ({ text, aim }, scanner) => this.onScan(text, aim, scanner),
        onGarbage: () => this.onGarbage(),
        onChange: () => this.onChange(),
      });
      const members = new MemberIndex(this.shopDb, this.state);
      this.feed = new FeedWriter(this.shopDb, this.state, members);
      this.catalog = new Catalog(this.shopDb, members);
      this.projections = new Projections(this.shopDb, this.journal, this.state, {
        prints: () => this.devices.openPrinter !== null,
        clockMs: () => config.clock.nowMs(),
        members,
        personal: this.personal,
      });
      this.projections.catchUp();
      const { tillCode } = identity;
      this.session = new Session({
        ...config,
        tillCode,
        journal: this.journal,
        projections: this.projections,
      });
      this.session.receiptsThrough(identity.lastReceiptSeq ?? 0);
      this.people = new People(this.shopDb, config.clock);
      this.approvals = new Approvals(this.people, config.clock);
      this.deviceKey = ids.deviceKey();
      this.session.training = this.projections.training();
      this.showCashier();
      this.openJournal();
      this.clockWatch = new ClockWatch({
        clock: config.clock,
        state: this.state,
        jumped: (body) => {
          this.byItself('clock', () => this.commit({ kind: 'clock_jumped', body }, this.zone));
          this.onChange();
        },
      });
      this.rights = new RightsBook(
        this.shopDb,
        () => this.projections.catchUp(),
        () => config.clock.nowMs(),
      );
      this.leases = new LeaseDesk(this, this.shopDb);
      this.readiness = new ReadinessDesk(this);
      this.payments = new PaymentRows(this.shopDb);
      this.checkout = new Checkout(
        this.catalog,
        this.session,
        this.rights,
        () => `${this.catalog.rulesVersion}/${this.state.text('rules_version') ?? 'none'}`,
      );
      this.drawer = new Drawer(this);
      this.parking = new Parking(this.shopDb, () => this.checkout.parked(), config.log);
      this.returns = new Returns(this, this.shopDb, verifyEd25519);
      this.resumeBasket();
      this.spool = new Spool({
        db: this.shopDb,
        open: this.devices.openPrinter,
        printer: this.devices.profile,
        render: (job) => this.slip(job),
        onChange: () => this.onChange(),
        log: config.log,
      });
      this.devices.attach(this.spool);
      const bySocket = config.sync !== false && config.connect === undefined && config.rescue === undefined;
      this.snapshot = bySocket ? this.makeSnapshot(files.key, members) : null;
      this.link = config.sync === false ? null : this.makeLink();
    } catch (cause) {
      this.closeFiles();
      throw asTillDbError(cause, path.join(config.folder, 'shop.db'));
    }
  }

  /** Somebody who shows the till, called after each change. */
  watch(watcher: () => void): void {
    this.watchers.add(watcher);
  }

  onChange(): void {
    for (const watcher of this.watchers) watcher();
  }

  start(): void {
    this.clockWatch.start(this.journal.at(this.journal.head.seq)?.entry.atMs ?? null);
    this.signOnAtStart();
    this.link?.start();
    this.leases.start();
    this.fillNames();
    this.spool.poke();
    this.devices.start();
  }

  async stop(): Promise<void> {
    this.clockWatch.stop();
    if (this.idleTimer !== null) clearTimeout(this.idleTimer);
    this.onStop();
    this.readiness.end();
    this.parking.flush();
    await this.devices.stop();
    this.leases.stop();
    if (this.fillTimer !== null) clearTimeout(this.fillTimer);
    await this.snapshot?.stop();
    await this.link?.stop();
    await this.spool.close();
    this.byItself('journal', () => {
      const signed = this.state.text('signed_head');
      if (signed) this.ids.keepHead(JSON.parse(signed) as SignedHead);
    });
    this.closeFiles();
  }

  /**
   * Commits an entry. When this returns it is on disk; everything else follows from the journal.
   *
   * @param given the shift that the entry itself opens; what is written in the same transaction
   */
  commit(
    body: EntryBody,
    store: Pick<Store, 'timeZone'>,
    given: { readonly shiftId?: string; readonly beside?: () => void } = {},
  ): Appended {
    // A clock that has just moved is said before what is stamped by it.
    if (body.kind !== 'clock_jumped') this.clockWatch.check();
    const { beside, ...shift } = given;
    const stamp = { ...this.session.entryStamp(store.timeZone), ...shift };
    const appended = this.journal.append(stamp, body, beside);
    if (body.kind === 'sale') this.session.committed(body.body.receiptSeq);
    // Told only now: whatever happens to these, the sale stands and they find it in the journal again.
    this.link?.poke();
    setImmediate(() => this.afterCommit());
    return appended;
  }

  /** Somebody joins: entry and person are one transaction, and the member is known here at once. */
  enrol(body: MemberEnrolled, person: KeptPerson, store: Store): void {
    const beside = () => this.personal.put(person, this.session.nowMs());
    this.commit({ kind: 'member_enrolled', body }, store, { beside });
    this.projections.catchUp();
  }

  /** Rows have come by the feed: what the till holds in memory looks again. */
  fed({ applied, settingsChanged, gone, aliased }: FeedResult): void {
    if (settingsChanged) {
      this.catalog.reload();
      this.staffChanged();
      this.leases.settingsChanged();
    }
    for (const memberId of gone) this.forget(memberId);
    if (aliased || gone.length > 0) this.checkout.memberAgain();
    if (applied > 0) this.checkout.repriced();
    this.onChange();
  }

  /** HQ has erased somebody: the row that only this till has goes too. */
  private forget(memberId: string): void {
    for (const personalId of this.projections.personalIdsOf(memberId)) this.personal.erase(personalId);
    for (const id of this.catalog.idsOf(memberId)) this.catalog.members.delete(id);
  }

  // ---- who is on ----

  /** Somebody takes over; the basket stays where it is. */
  signOn(staffId: string, store: Pick<Store, 'timeZone'>): void {
    if (this.people.on?.id === staffId) return;
    this.signOff('switch', store);
    this.people.setOn(staffId);
    this.showCashier();
    this.commit({ kind: 'signed_on', body: { staffId } }, store);
  }

  signOff(why: 'self' | 'switch' | 'idle', store: Pick<Store, 'timeZone'>): void {
    const { on } = this.people;
    if (on !== null) this.commit({ kind: 'signed_off', body: { staffId: on.id, why } }, store);
    this.people.setOn(null);
    this.showCashier();
  }

  private showCashier(): void {
    const { people } = this;
    if (people.state === 'open') this.session.cashier = this.config.cashier;
    else this.session.cashier = people.on === null ? NOBODY : { id: people.on.id, name: people.on.name };
  }

  /** The feed brought other staff or roles: who is on may not be any more. */
  private staffChanged(): void {
    const before = this.people.on;
    this.people.reload();
    if (before !== null && this.people.on === null) {
      this.commit({ kind: 'signed_off', body: { staffId: before.id, why: 'removed' } }, this.zone);
      this.people.setOn(null);
    }
    this.showCashier();
    this.signOnAtStart();
  }

  private signOnAtStart(): void {
    if (this.toSignOn === null || this.people.staff(this.toSignOn) === null) return;
    this.signOn(this.toSignOn, this.zone);
    this.toSignOn = null;
  }

  get zone(): Pick<Store, 'timeZone'> {
    return { timeZone: this.catalog.store?.timeZone ?? 'UTC' };
  }

  // ---- training ----

  /** What is rung up counts for nothing: no entry, no receipt number, no points. */
  get training(): boolean {
    return this.session.training;
  }

  setTraining(on: boolean, store: Store): void {
    this.commit({ kind: 'training', body: { on } }, store);
    this.session.training = on;
    this.checkout.reset();
  }

  /** Prints a sale that was only practised, marked as such. */
  practise(sale: Sale): void {
    const { store } = this.catalog;
    if (store === null || this.devices.openPrinter === null) return;
    const atMs = this.session.nowMs();
    const facts = { sale, store, atMs, cashierName: this.session.cashier.id, copy: false };
    const doc = receiptOf({ ...facts, entryHash: '0'.repeat(64), memberTail: null });
    this.spool.printLoose(printBytes(practiceSlip(doc), this.devices.profile));
  }

  /** For what nobody called for: trouble (a full disk, say) is logged, and the till goes on. */
  byItself(what: string, work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.config.log(`${what}: ${(cause as Error).message}`);
    }
  }

  storePage(store: Store, locale: Locale): StorePage {
    return storePageOf(this, this.shopDb, store, locale);
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
    const { atMs, businessDate } = entry;
    const { sign } = this.returns;
    return { sale, store, atMs, businessDate, sign, cashierName, entryHash: hash, memberTail, copy };
  }

  /** The receipt of a sale without its prices. */
  printGift(seq: number): void {
    const appended = this.saleAt(seq);
    const facts = appended === null ? null : this.receiptFacts(appended, false);
    if (facts !== null) this.spool.printDoc(receiptOf({ ...facts, gift: true }), this.session.nowMs());
  }

  printHold(
    hold: { readonly holdId: string; readonly label: string; readonly atMs: number },
    parked: Parked,
  ): void {
    const { store } = this.catalog;
    if (store === null) return;
    const { holdId, label, atMs } = hold;
    const facts = {
      store,
      tillCode: this.identity.tillCode,
      cashierId: this.session.cashier.id,
      atMs,
      copy: false,
    };
    this.spool.printDoc(holdSlip({ holdId, label, basket: parked.basket }, facts), atMs);
  }

  private slip({ seq, copy, doc: given }: PrintJob): Uint8Array {
    const doc = given ?? this.slipDoc(seq, copy);
    if (doc === null) throw new Error(`entry ${seq} is nothing that can be printed`);
    const { artist = null, logo = null } = this.config.devices;
    const { profile } = this.devices;
    const head = doc.letterhead === true ? (logo?.bitmap(profile.columns * 12) ?? null) : null;
    return printBytes(doc, profile, { artist, logo: head });
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
      case 'member_enrolled':
        return memberSlip(entry.body, facts);
      default:
        return null;
    }
  }

  /** The basket that was open when the till went down, unless it was paid in its last moment. */
  private resumeBasket(): void {
    const parked = this.parking.load();
    if (parked === null || this.projections.saleById(parked.basket.id) !== null) return;
    // With nothing on it yet it is the next customer's: on a disk that was put back its id may be that of a sale.
    const isBegun = parked.basket.lines.length > 0;
    this.checkout.restore(isBegun ? parked : { ...parked, basket: this.checkout.basket });
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
    this.journal.append(this.session.entryStamp(this.zone.timeZone), {
      kind: 'journal_opened',
      body: { storeId, tillCode, follows: null },
    });
  }

  /** Names into the name index, a few at a time: a shop with a million members sells meanwhile. */
  private fillNames(): void {
    if (this.fillTimer !== null) clearTimeout(this.fillTimer);
    this.fillTimer = null;
    this.byItself('name index', () => {
      // An index of a million names takes a second: not while somebody is served.
      const isServing = this.checkout.basket.lines.length > 0;
      if (!isServing && makeNext(this.shopDb, this.state)) checkpoint(this.shopDb);
      else if (!this.catalog.members.fillStep(FILL_ROWS)) {
        if (isLaterDone(this.state)) return;
        this.fillTimer = setTimeout(() => this.fillNames(), SERVED_MS);
        return;
      }
      if (++this.fillSteps % FILLS_A_CHECKPOINT === 0) checkpoint(this.shopDb);
      this.fillTimer = setTimeout(() => this.fillNames(), FILL_PAUSE_MS);
    });
  }

  private makeSnapshot(key: Uint8Array, members: MemberIndex): SnapshotLoader {
    const { identity, deviceKey, state, feed, shopDb: db } = this;
    return new SnapshotLoader({
      ...{ db, identity, deviceKey, key, state, feed, members },
      log: this.config.log,
      onFeed: (result) => {
        this.fed(result);
        this.fillNames();
      },
    });
  }

  /**
   * HQ holds entries that this disk does not have: goes on under a new journal after the last one that both have.
   *
   * @returns false while somebody pays: what is held must stay as it is until that is over
   */
  private reopen(common: ChainHead): boolean {
    if (this.checkout.isPaying) return false;
    const { session, journal, projections, state, ids, identity } = this;
    this.config.log(`journal: HQ holds other entries after ${common.seq}; going on under a new journal`);
    const stamp = session.entryStamp(this.zone.timeZone);
    const given = { journalId: session.newId(), stamp };
    const parts = { identity, ids, journal, projections, state, sha256: this.config.sha256 };
    this.identity = reopenJournal(parts, common, given);
    session.resume(journal, projections);
    session.training = projections.training();
    this.checkout.repriced();
    this.onChange();
    return true;
  }

  /** A copy of HQ's signed head in the journal's own file, not more often than it costs nothing. */
  private keepHead(head: SignedHead): void {
    const nowMs = this.config.clock.monotonicMs();
    if (this.headKeptMs !== null && nowMs - this.headKeptMs < HEAD_KEPT_EVERY_MS) return;
    this.headKeptMs = nowMs;
    this.ids.keepHead(head);
  }

  private makeLink(): Link {
    const { clock, chance, appVersion, log, connect, rescue } = this.config;
    return new Link({
      ...(connect === undefined ? {} : { connect }),
      identity: rescue?.cloudUrl == null ? this.identity : { ...this.identity, cloudUrl: rescue.cloudUrl },
      deviceKey: this.deviceKey,
      journal: this.journal,
      feed: this.feed,
      state: this.state,
      clock,
      chance,
      appVersion,
      log,
      onChange: () => this.onChange(),
      onServerTime: (serverTimeMs) => this.clockWatch.serverSaid(serverTimeMs),
      personalOf: (personalId) => this.personal.get(personalId),
      onFeed: (result) => this.fed(result),
      leases: this.leases,
      bootstrap: () => (this.snapshot?.isNeeded === true ? this.snapshot.load() : null),
      pinned: this.identity.cloudKey ?? null,
      pin: (cloudKey) => {
        this.identity = { ...this.identity, cloudKey };
        this.ids.write(this.identity);
      },
      keepHead: (head) => this.keepHead(head),
      onReceiptSeq: (receiptSeq) => this.session.receiptsThrough(receiptSeq),
      reopen: (common) => this.reopen(common),
      readiness: () => this.readiness.now(),
      ...(rescue === undefined ? {} : { rescue }),
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

function openFiles(
  config: TillConfig,
  lock: { release(): void },
): { journal: Sqlite; shop: Sqlite; key: Uint8Array } {
  const { folder, chance, openDb = openTillDb } = config;
  let journal: Sqlite | null = null;
  try {
    const key = (config.key ?? keyFile(folder, chance)).load();
    journal = openDb(path.join(folder, 'journal.db'), 'journal', key);
    return { journal, shop: openDb(path.join(folder, 'shop.db'), 'shop', key), key };
  } catch (cause) {
    journal?.close();
    lock.release();
    throw cause;
  }
}
