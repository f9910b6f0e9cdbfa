/**
 * HQ's API as types, made of its OpenAPI page by `npm run client`: do not edit. `test/client/api-types.test.ts` compares.
 */

export type AddedToken = {
  readonly token: ApiToken;
  /** goes into `Authorization: Bearer …`; shown once */
  readonly secret: string;
};

export type AddedUser = {
  readonly user: User;
  /** the temporary password, shown once; null where one was given */
  readonly password: string | null;
};

export type ApiToken = {
  readonly id: string;
  readonly name: string;
  readonly rights: readonly ("sales.read" | "orders.write" | "stores.read" | "stores.write" | "catalog.read" | "catalog.write" | "promotions.read" | "promotions.write" | "programme.write" | "members.read" | "members.write" | "members.export" | "privacy.write" | "loyalty.read" | "loyalty.write" | "reports.read" | "reports.write" | "segments.read" | "segments.write" | "campaigns.read" | "campaigns.write" | "service.read" | "service.write" | "events.write" | "tills.read" | "tills.write" | "staff.read" | "staff.write" | "jobs.read" | "jobs.run" | "webhooks.read" | "webhooks.write" | "access.read" | "access.write" | "audit.read")[];
  /** the stores that this is for; null: the whole chain */
  readonly stores: readonly string[] | null;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs: number | null;
  readonly revoked: boolean;
};

export type Applied = {
  readonly applied: number;
};

export type AuditLine = {
  readonly seq: number;
  /** SHA-256 of the hash before and this entry */
  readonly hash: string;
  /** `asked` without `done`: HQ fell in between */
  readonly phase: "asked" | "done";
  readonly atMs: number;
  readonly actor: {
    readonly kind: string;
    readonly id: string;
    readonly name: string;
  };
  readonly address: string;
  readonly requestId: string;
  readonly route: string;
  readonly params: unknown;
  /** text that is no id or word of a closed set is `…` */
  readonly sent?: unknown | undefined;
  readonly status?: number | undefined;
  readonly before?: unknown | undefined;
  readonly after?: unknown | undefined;
};

export type AuditPage = {
  readonly entries: readonly AuditLine[];
  readonly nextCursor: number | null;
};

export type AuditProof = {
  readonly entries: number;
  readonly headHash: string;
  readonly brokenAt: number | null;
};

export type Behaviour = {
  readonly currency: string;
  readonly buyers: number;
  readonly visits: number;
  readonly tickets: number;
  readonly pieces: number;
  /** minor units */
  readonly netMinor: number;
  readonly cycle: {
    readonly spanDays: number;
    readonly gaps: number;
  } | null;
  readonly frequencyX100: number | null;
  readonly unitPriceMinor: number | null;
  readonly averageTicketMinor: number | null;
  /** basis points; null over nothing */
  readonly repeatRateBp: number | null;
  readonly brands: readonly ({
    readonly key: string;
    readonly buyers: number;
    readonly pieces: number;
    /** minor units */
    readonly netMinor: number;
  })[];
  readonly categories: readonly ({
    readonly key: string;
    readonly buyers: number;
    readonly pieces: number;
    /** minor units */
    readonly netMinor: number;
  })[];
};

export type Benefit = {
  readonly id: string;
  readonly name: string;
  readonly when: {
    readonly kind: "birthday";
    readonly daysBefore: number;
    readonly daysAfter: number;
  } | {
    readonly kind: "dates";
    readonly spans: readonly ({
      readonly from: string;
      readonly to: string;
    })[];
  } | {
    readonly kind: "month_days";
    readonly days: readonly number[];
  };
  readonly tiers: readonly string[] | null;
  readonly give: {
    readonly points?: number | undefined;
    /** a coupon of this template */
    readonly templateId?: string | undefined;
  };
  readonly active: boolean;
};

export type BenefitInput = {
  readonly id: string;
  readonly name: string;
  readonly when: {
    readonly kind: "birthday";
    readonly daysBefore: number;
    readonly daysAfter: number;
  } | {
    readonly kind: "dates";
    readonly spans: readonly ({
      readonly from: string;
      readonly to: string;
    })[];
  } | {
    readonly kind: "month_days";
    readonly days: readonly number[];
  };
  readonly tiers: readonly string[] | null;
  readonly give: {
    readonly points?: number | undefined;
    /** a coupon of this template */
    readonly templateId?: string | undefined;
  };
  readonly active: boolean;
};

export type BenefitPreview = {
  readonly from: string;
  readonly to: string;
  /** of the first store */
  readonly currency: string;
  /** what all receipts of these days came to */
  readonly salesMinor: number;
  /** the cost of what is tried, of `salesMinor`, rounded down */
  readonly shareBp: number;
  /** one coupon at most */
  readonly couponEachMinor: number;
  /** whether the terms of the coupon bound it; else it is the most it takes off one receipt of these days */
  readonly isCapped: boolean;
  readonly tried: {
    /** who get something */
    readonly members: number;
    /** times that it is given */
    readonly grants: number;
    readonly points: number;
    /** what they pay at the tills */
    readonly pointsMinor: number;
    readonly coupons: number;
    /** at most, each used */
    readonly couponsMinor: number;
    /** both */
    readonly costMinor: number;
  };
  /** by the benefit of this id as it is out; null: there is none */
  readonly published: {
    /** who get something */
    readonly members: number;
    /** times that it is given */
    readonly grants: number;
    readonly points: number;
    /** what they pay at the tills */
    readonly pointsMinor: number;
    readonly coupons: number;
    /** at most, each used */
    readonly couponsMinor: number;
    /** both */
    readonly costMinor: number;
  } | null;
};

export type Benefits = {
  readonly benefits: readonly Benefit[];
};

export type BenefitsGiven = {
  readonly given: { readonly [name: string]: number };
};

export type Branding = {
  readonly name: string;
  /** white words must be readable on it */
  readonly colour: string;
  /** a PNG, base64, at most 32 KB */
  readonly markPng: string | null;
  /** its ETag; 0: the plain look */
  readonly revision: number;
};

export type Breakdown = {
  readonly asOfMs: number;
  readonly currency: string;
  readonly by: "store" | "region" | "day" | "week" | "month" | "weekday" | "hour" | "item" | "category" | "brand" | "cashier" | "till" | "channel" | "buyer" | "tier" | "kind" | "tender" | "promotion";
  readonly whole: {
    /** sales and exchanges */
    readonly tickets: number;
    readonly refunds: number;
    /** sold less returned */
    readonly pieces: number;
    /** minor units of the store currency */
    readonly grossMinor: number;
    /** what was taken off */
    readonly adjustmentMinor: number;
    /** minor units of the store currency */
    readonly totalMinor: number;
    readonly memberTickets: number;
    /** minor units of the store currency */
    readonly memberTotalMinor: number;
    /** distinct members */
    readonly members: number;
  };
  readonly parts: readonly ({
    readonly key: string;
    readonly name: string | null;
    readonly names: { readonly [name: string]: string } | null;
    /** sales and exchanges */
    readonly tickets: number;
    readonly refunds: number;
    /** sold less returned */
    readonly pieces: number;
    /** minor units of the store currency */
    readonly grossMinor: number;
    /** what was taken off */
    readonly adjustmentMinor: number;
    /** minor units of the store currency */
    readonly totalMinor: number;
    readonly memberTickets: number;
    /** minor units of the store currency */
    readonly memberTotalMinor: number;
    /** distinct members */
    readonly members: number;
  })[];
  /** the smallest parts are left out: there are more than `limit` */
  readonly cut: boolean;
};

export type BuyerSplit = {
  readonly currency: string;
  readonly new: number;
  readonly loyal: number;
  readonly irregular: number;
  readonly buyers: number;
  readonly before: {
    /** YYYY-MM-DD */
    readonly from: string;
    /** YYYY-MM-DD */
    readonly to: string;
  };
};

export type CartTries = {
  readonly tries: readonly ({
    readonly subject: string;
    readonly times: number;
    readonly lastAtMs: number;
    readonly name: string | null;
    readonly bought: boolean;
  })[];
};

export type CellStrategy = {
  readonly recency: "active" | "silent" | "sleeping" | "lost";
  readonly frequency: "new" | "second" | "old" | "fan";
  /** null: no contact */
  readonly contactEveryDays: number | null;
  readonly offer: {
    readonly kind: "none" | "care" | "gift" | "coupon" | "discount" | "points";
    readonly strengthBp: number;
    readonly text: string;
  };
};

export type CellStrategyInput = {
  readonly recency: "active" | "silent" | "sleeping" | "lost";
  readonly frequency: "new" | "second" | "old" | "fan";
  /** null: no contact */
  readonly contactEveryDays: number | null;
  readonly offer: {
    readonly kind: "none" | "care" | "gift" | "coupon" | "discount" | "points";
    readonly strengthBp: number;
    readonly text: string;
  };
};

export type CellStrategyList = {
  readonly strategies: readonly CellStrategy[];
};

export type Correlation = {
  readonly n: number;
  readonly with: {
    readonly n: number;
    readonly yes: number;
  };
  readonly without: {
    readonly n: number;
    readonly yes: number;
  };
  /** difference of the two rates (0..1) with its 95 % interval */
  readonly rates: {
    readonly difference: number;
    readonly low: number;
    readonly high: number;
    readonly phi: number | null;
  } | null;
};

export type CorrelationAskedInput = {
  readonly criterion: SegmentRuleInput;
  readonly outcome: SegmentRuleInput;
  readonly among?: SegmentRuleInput | null | undefined;
  readonly currency?: string | null | undefined;
};

export type CouponIssue = {
  readonly issued: number;
  readonly skipped: readonly ({
    readonly memberId: string;
    readonly why: "unknown_member" | "member_limit";
  })[];
};

export type CouponIssueTakenBack = {
  /** codes that are worth nothing now */
  readonly cancelled: number;
  /** codes that somebody was faster with: they stand */
  readonly used: number;
};

export type CouponPack = {
  readonly sku: string;
  readonly contents: readonly ({
    readonly templateId: string;
    readonly count: number;
  })[];
};

export type CouponPackInput = {
  readonly sku: string;
  readonly contents: readonly ({
    readonly templateId: string;
    readonly count: number;
  })[];
};

export type CouponPackList = {
  readonly packs: readonly CouponPack[];
};

export type CouponPreview = {
  readonly from: string;
  readonly to: string;
  /** of members in these days, returns aside */
  readonly receipts: number;
  /** of them that were priced again: the newest, by programs of this kernel */
  readonly priced: number;
  readonly books: readonly ({
    readonly currency: string;
    /** what all receipts of these days came to, members’ and others’ */
    readonly salesMinor: number;
    /** of members that were priced again */
    readonly receipts: number;
    /** of them on which the coupon takes something off */
    readonly eligible: number;
    /** of them within the limits of the template: the dearest ones */
    readonly redeemed: number;
    /** who redeem one */
    readonly members: number;
    /** taken off, if each of `redeemed` redeems one */
    readonly givenMinor: number;
    /** of `salesMinor`, rounded down */
    readonly shareBp: number;
    /** taken off one receipt */
    readonly largestMinor: number;
    /** one code at most: by its own terms, or `largestMinor` where they have no end */
    readonly eachMaxMinor: number;
    /** `codes` at `eachMaxMinor` */
    readonly codesMaxMinor: number | null;
  })[];
  /** whether the terms of the coupon bound what one code is worth */
  readonly isCapped: boolean;
};

export type CouponTemplate = {
  /** the series of its codes: CP-SERIES-SERIAL */
  readonly id: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly offer: {
    readonly priority: number;
    readonly mode: "exclusive" | "best_price" | "compound";
    /** as in a rule */
    readonly items: { readonly [name: string]: unknown };
    readonly conditions?: readonly ({ readonly [name: string]: unknown })[] | undefined;
    readonly limits?: { readonly [name: string]: unknown } | undefined;
    readonly audience?: { readonly [name: string]: unknown } | undefined;
    /** as in a rule */
    readonly reward: { readonly [name: string]: unknown };
    readonly issuer?: "merchant" | "platform" | undefined;
  };
  readonly valid: {
    readonly days: number;
  } | {
    /** business date */
    readonly from?: string | undefined;
    /** business date */
    readonly to?: string | undefined;
  };
  readonly limits: {
    readonly issuedMax?: number | undefined;
    readonly perMemberMax?: number | undefined;
  };
};

export type CouponTemplateInput = {
  /** the series of its codes: CP-SERIES-SERIAL */
  readonly id: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly offer: {
    readonly priority: number;
    readonly mode: "exclusive" | "best_price" | "compound";
    /** as in a rule */
    readonly items: { readonly [name: string]: unknown };
    readonly conditions?: readonly ({ readonly [name: string]: unknown })[] | undefined;
    readonly limits?: { readonly [name: string]: unknown } | undefined;
    readonly audience?: { readonly [name: string]: unknown } | undefined;
    /** as in a rule */
    readonly reward: { readonly [name: string]: unknown };
    readonly issuer?: "merchant" | "platform" | undefined;
  };
  readonly valid: {
    readonly days: number;
  } | {
    /** business date */
    readonly from?: string | undefined;
    /** business date */
    readonly to?: string | undefined;
  };
  readonly limits: {
    readonly issuedMax?: number | undefined;
    readonly perMemberMax?: number | undefined;
  };
};

export type CouponTemplates = {
  readonly templates: readonly ({
    readonly template: CouponTemplate;
    readonly issued: number;
    readonly used: number;
    readonly ended: boolean;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type CurrentProgramme = {
  readonly programme: Programme | null;
};

export type CurrentReferralTerms = {
  readonly terms: ReferralTerms | null;
};

export type CurrentRules = {
  readonly rules: RuleSet | null;
};

export type CustomField = {
  readonly id: string;
  readonly name: string;
  readonly names: { readonly [name: string]: string };
  readonly type: "text" | "number" | "money" | "date" | "boolean" | "choice" | "choices";
  readonly options: readonly string[];
  /** what a value must keep to */
  readonly limits: {
    readonly min?: number | undefined;
    readonly max?: number | undefined;
    readonly decimals?: number | undefined;
    readonly lengthMax?: number | undefined;
    /** of money, whose values are minor units */
    readonly currency?: string | undefined;
  };
  readonly sensitive: boolean;
  readonly revision: number;
  readonly retired: boolean;
  readonly updatedBy: string;
  readonly updatedAtMs: number;
};

export type CustomFieldChangeInput = {
  readonly name: string;
  /** in other languages, by locale */
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly type: "text" | "number" | "money" | "date" | "boolean" | "choice" | "choices";
  /** of choice and choices */
  readonly options?: readonly string[] | undefined;
  /** what a value must keep to */
  readonly limits?: {
    readonly min?: number | undefined;
    readonly max?: number | undefined;
    readonly decimals?: number | undefined;
    readonly lengthMax?: number | undefined;
    /** of money, whose values are minor units */
    readonly currency?: string | undefined;
  } | undefined;
  /** true: its values lie sealed, and no segment finds them */
  readonly sensitive?: boolean | undefined;
  /** the one that was read; instead of If-Match */
  readonly revision?: number | undefined;
  /** true: its values stay, and nobody is asked for them */
  readonly retired?: boolean | undefined;
};

export type CustomFieldDraftInput = {
  readonly name: string;
  /** in other languages, by locale */
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly type: "text" | "number" | "money" | "date" | "boolean" | "choice" | "choices";
  /** of choice and choices */
  readonly options?: readonly string[] | undefined;
  /** what a value must keep to */
  readonly limits?: {
    readonly min?: number | undefined;
    readonly max?: number | undefined;
    readonly decimals?: number | undefined;
    readonly lengthMax?: number | undefined;
    /** of money, whose values are minor units */
    readonly currency?: string | undefined;
  } | undefined;
  /** true: its values lie sealed, and no segment finds them */
  readonly sensitive?: boolean | undefined;
};

export type CustomFieldList = {
  readonly fields: readonly CustomField[];
};

export type Draw = {
  readonly id: string;
  readonly name: string;
  readonly prizes: readonly ({
    readonly id: string;
    readonly name: string;
    readonly count: number;
  })[];
  readonly oncePerMember: boolean;
  readonly rewards: { readonly [name: string]: {
    readonly points?: number | undefined;
    /** a coupon of this template */
    readonly templateId?: string | undefined;
  } };
};

export type DrawInput = {
  readonly id: string;
  readonly name: string;
  readonly prizes: readonly ({
    readonly id: string;
    readonly name: string;
    readonly count: number;
  })[];
  readonly oncePerMember: boolean;
  readonly rewards: { readonly [name: string]: {
    readonly points?: number | undefined;
    /** a coupon of this template */
    readonly templateId?: string | undefined;
  } };
};

export type DrawPage = {
  readonly draw: Draw;
  /** SHA-256 of the seed, hex, known before the first ticket */
  readonly commitment: string;
  readonly tickets: readonly ({
    readonly no: number;
    readonly memberId: string;
  })[];
  /** of one ticket, in ten thousandths */
  readonly oddsBp: number;
  readonly result: {
    readonly seed: string;
    readonly ticketsHash: string;
    readonly winners: readonly ({
      readonly prizeId: string;
      readonly ticketNo: number;
      readonly memberId: string;
    })[];
  } | null;
};

export type DrawPreview = {
  readonly from: string;
  readonly to: string;
  /** of the first store */
  readonly currency: string;
  /** what all receipts of these days came to */
  readonly salesMinor: number;
  /** the cost of what is tried, of `salesMinor`, rounded down */
  readonly shareBp: number;
  /** one coupon at most */
  readonly couponEachMinor: number;
  /** whether the terms of the coupon bound it; else it is the most it takes off one receipt of these days */
  readonly isCapped: boolean;
  /** if every prize is won */
  readonly tried: {
    /** who get something */
    readonly members: number;
    /** times that it is given */
    readonly grants: number;
    readonly points: number;
    /** what they pay at the tills */
    readonly pointsMinor: number;
    readonly coupons: number;
    /** at most, each used */
    readonly couponsMinor: number;
    /** both */
    readonly costMinor: number;
  };
};

export type DrawTickets = {
  readonly tickets: readonly number[];
};

export type DuplicateList = {
  readonly pairs: readonly ({
    readonly one: MemberShown;
    readonly other: MemberShown;
    readonly score: number;
    readonly reasons: readonly ("phone" | "mail" | "name_birthday" | "name" | "household" | "other_birthday")[];
  })[];
  readonly nextCursor: string | null;
};

export type Ended = {
  readonly ended: number;
};

export type EnrolRequestInput = {
  readonly code: string;
  /** Ed25519 public key, SPKI DER, base64 */
  readonly publicKey: string;
};

export type Enrolment = {
  readonly tillId: string;
  readonly tillCode: string;
  readonly storeId: string;
  readonly cloudId: string;
  /** Ed25519 public key of HQ, SPKI DER, base64: the till pins it */
  readonly cloudKey: string;
  /** highest receipt number that HQ has of this till; 0: none */
  readonly lastReceiptSeq: number;
};

export type EnrolmentCode = {
  readonly tillId: string;
  readonly code: string;
  readonly expiresAtMs: number;
};

export type Erasure = {
  readonly memberId: string;
  /** every id that the person had */
  readonly ids: readonly string[];
  readonly goes: { readonly [name: string]: number };
  readonly stays: { readonly [name: string]: number };
  readonly points: number;
  readonly valueMinor: number;
  readonly currency: string | null;
};

export type EventsTaken = {
  readonly stored: number;
  /** known already */
  readonly repeated: number;
  /** of visitors who became a member’s */
  readonly joined: number;
  /** tags that rules set */
  readonly tagged: number;
  /** left out; the others are in */
  readonly refused: readonly ({
    readonly index: number;
    readonly kind: string;
    readonly path: string;
    readonly message: string;
  })[];
};

export type ExpiryDone = {
  readonly accounts: number;
  readonly expired: {
    readonly points: number;
    readonly value: number;
    readonly gift_card: number;
  };
};

export type FactorSecret = {
  /** base32 */
  readonly secret: string;
  /** what the QR code holds */
  readonly url: string;
};

export type FraudLens = {
  readonly findings: readonly ({
    readonly kind: "drawer_without_sale" | "void_after_print" | "refund_without_receipt" | "refund_keeps_points" | "own_card" | "receipt_gap";
    readonly storeId: string;
    readonly cashierId: string | null;
    readonly count: number;
    readonly amountMinor: number | null;
    readonly currency: string | null;
    /** the newest twenty */
    readonly rows: readonly ({
      readonly tillId: string;
      readonly journalId: string;
      readonly seq: number;
      readonly saleId: string | null;
      readonly atMs: number;
    })[];
  })[];
};

export type GiftCard = {
  readonly giftCardId: string;
  readonly codeTail: string;
  readonly currency: string;
  /** minor units of the store currency */
  readonly balanceMinor: number;
  readonly validTo: string | null;
  readonly blocked: boolean;
  readonly memberId: string | null;
};

export type GiftCardBuyer = {
  readonly giftCardId: string;
  readonly name: string;
  readonly document: string;
  /** minor units of the store currency */
  readonly amountMinor: number;
  readonly currency: string;
  readonly atMs: number;
  /** the entry is gone after it */
  readonly keepTo: string;
};

export type HourList = {
  readonly asOfMs: number;
  readonly hours: readonly HourPoint[];
};

export type HourPoint = {
  readonly hour: number;
  readonly sales: number;
  /** minor units of the store currency */
  readonly totalMinor: number;
};

export type ImportPreview = {
  readonly format: "csv" | "xlsx";
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "gb18030" | "big5" | null;
  readonly delimiter: string | null;
  readonly sheet: string | null;
  readonly sheets: readonly string[];
  readonly rows: number;
  readonly columns: readonly ({
    readonly header: string;
    readonly target: string | null;
    readonly sample: readonly string[];
  })[];
  /** what a column may mean */
  readonly targets: readonly string[];
};

export type ImportRun = {
  readonly id: string;
  /** stopped: send the file again, it does the rest */
  readonly state: "running" | "done" | "failed" | "stopped";
  readonly dryRun: boolean;
  readonly fileName: string;
  readonly total: number;
  /** looked at so far */
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  /** the first thousand: row and column as a person counts, and what was expected there */
  readonly faults: readonly ({
    readonly row: number;
    readonly column: string | null;
    readonly kind: string;
    readonly message: string;
  })[];
  readonly by: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
};

export type InteractionsTaken = {
  readonly stored: number;
  readonly repeated: number;
};

export type IssuedGiftCard = {
  readonly giftCardId: string;
  readonly codeTail: string;
  readonly currency: string;
  /** minor units of the store currency */
  readonly balanceMinor: number;
  readonly validTo: string | null;
  readonly blocked: boolean;
  readonly memberId: string | null;
  /** shown once; null when the same key is said again */
  readonly code: string | null;
};

export type Item = {
  readonly sku: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly gtins: readonly string[];
  readonly plu?: string | undefined;
  readonly brand?: string | undefined;
  readonly category?: string | undefined;
  readonly unit: "each" | "kg";
  readonly priceMinor: number | null;
  /** no promotion sells a unit below this */
  readonly minPriceMinor?: number | undefined;
  readonly taxCode: string;
  readonly flags?: {
    readonly noDiscount?: boolean | undefined;
    readonly noCoupon?: boolean | undefined;
    readonly noPoints?: boolean | undefined;
  } | undefined;
};

export type ItemGroups = {
  readonly categories: readonly ({
    readonly key: string;
    readonly items: number;
  })[];
  readonly brands: readonly ({
    readonly key: string;
    readonly items: number;
  })[];
};

export type ItemInput = {
  readonly sku: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly gtins: readonly string[];
  readonly plu?: string | undefined;
  readonly brand?: string | undefined;
  readonly category?: string | undefined;
  readonly unit: "each" | "kg";
  readonly priceMinor: number | null;
  /** no promotion sells a unit below this */
  readonly minPriceMinor?: number | undefined;
  readonly taxCode: string;
  readonly flags?: {
    readonly noDiscount?: boolean | undefined;
    readonly noCoupon?: boolean | undefined;
    readonly noPoints?: boolean | undefined;
  } | undefined;
};

export type ItemList = {
  readonly items: readonly Item[];
  /** that fit, on all pages */
  readonly total: number;
  readonly nextCursor: string | null;
};

export type Job = {
  readonly name: string;
  readonly about: string;
  /** the newest day that is done */
  readonly throughOn: string | null;
  readonly nextAtMs: number;
  /** asked for and not begun yet */
  readonly isAsked: boolean;
  /** runs that failed since the last good one */
  readonly failures: number;
  readonly last: JobRun | null;
};

export type JobAsked = {
  readonly asked: true;
};

export type JobList = {
  readonly asOfMs: number;
  readonly jobs: readonly Job[];
};

export type JobRun = {
  readonly runNo: number;
  /** the day that it began, of jobs that begin one */
  readonly on: string | null;
  /** somebody asked for it */
  readonly asked: boolean;
  /** lost: its process went away in the middle; the next run did what was left */
  readonly outcome: "running" | "done" | "failed" | "lost";
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** how many of what */
  readonly counts: { readonly [name: string]: number };
  readonly error: string | null;
};

export type JobRunList = {
  readonly runs: readonly JobRun[];
  readonly nextCursor: string | null;
};

export type Kpis = {
  readonly currency: string;
  /** basis points; null over nothing */
  readonly secondPurchaseRateBp: number | null;
  readonly averageTicketMinor: number | null;
  readonly frequencyX100: number | null;
  /** basis points; null over nothing */
  readonly returnRateBp: number | null;
  /** basis points; null over nothing */
  readonly conversionBp: number | null;
  readonly satisfaction: {
    readonly meanX100: number | null;
    readonly ratings: number;
  };
  readonly newBuyers: number;
  readonly buyers: number;
};

export type Lease = {
  readonly leaseId: string;
  readonly key: string;
  readonly tillId: string;
  /** points, minor units or uses */
  readonly amount: number;
  /** neither spent nor given back, as far as HQ has the journal */
  readonly left: number;
  readonly state: "offered" | "held" | "short";
  /** its till is revoked or goes on under another journal */
  readonly isFrozen: boolean;
  readonly epoch: number;
  readonly untilMs: number;
  readonly grantedAtMs: number;
};

export type LeaseList = {
  readonly leases: readonly Lease[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type LeaseSettling = {
  readonly isSettling: boolean;
  readonly sinceMs: number | null;
  /** whose word is awaited */
  readonly tills: readonly ({
    readonly tillId: string;
    readonly code: string;
  })[];
};

export type LedgerProof = {
  readonly accounts: number;
  readonly differences: readonly ({
    readonly holderId: string;
    readonly purse: "points" | "value" | "gift_card";
  })[];
};

export type Liability = {
  /** business date */
  readonly asOf: string;
  readonly purses: readonly ({
    readonly purse: "points" | "value" | "gift_card";
    readonly currency: string | null;
    readonly holders: number;
    /** points or minor units, bonus included */
    readonly balance: number;
    readonly bonus: number;
    /** what members owe */
    readonly owed: number;
  })[];
  readonly ending: readonly ({
    readonly purse: "points" | "value" | "gift_card";
    readonly month: string;
    readonly left: number;
  })[];
  readonly coupons: readonly ({
    readonly templateId: string;
    /** business date */
    readonly on: string;
    readonly uses: number;
    /** minor units of the store currency */
    readonly offMinor: number;
  })[];
};

export type LifecycleFlow = {
  /** YYYY-MM-DD */
  readonly before: string;
  /** YYYY-MM-DD */
  readonly asOf: string;
  readonly currency: string;
  readonly steps: readonly ({
    readonly before: "none" | "active" | "silent" | "sleeping" | "lost";
    readonly after: "none" | "active" | "silent" | "sleeping" | "lost";
    readonly members: number;
  })[];
};

export type MemberBalance = {
  readonly memberId: string;
  /** below zero: owed */
  readonly points: number;
  /** principal */
  readonly valueMinor: number;
  /** given by the shop on top: spent last, never paid out */
  readonly bonusMinor: number;
  readonly currency: string | null;
};

export type MemberBundle = {
  readonly memberId: string;
  readonly madeAtMs: number;
  readonly profile: { readonly [name: string]: unknown };
} & { readonly [name: string]: unknown };

export type MemberConsents = {
  readonly now: readonly ({
    readonly purpose: string;
    readonly channel: string;
    readonly granted: boolean;
    readonly textVersion: string;
    readonly atMs: number;
  })[];
  readonly words: readonly ({
    readonly purpose: string;
    readonly channel: string;
    readonly granted: boolean;
    readonly textVersion: string;
    readonly atMs: number;
    readonly memberId: string;
    readonly entryId: string;
    readonly source: string;
  })[];
};

export type MemberCoupons = {
  readonly coupons: readonly ({
    readonly code: string;
    readonly templateId: string;
    readonly memberId: string | null;
    readonly validFrom: string | null;
    readonly validTo: string | null;
    readonly usedSaleId: string | null;
    readonly cancelled: boolean;
    readonly source: string | null;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type MemberFields = {
  readonly memberId: string;
  readonly fields: readonly ({
    readonly fieldId: string;
    readonly type: "text" | "number" | "money" | "date" | "boolean" | "choice" | "choices";
    readonly value: string | number | boolean | readonly string[];
    readonly updatedAtMs: number;
    readonly updatedBy: string;
  })[];
};

export type MemberInput = {
  readonly id: string;
  readonly cardNo: string;
  readonly name: string;
  readonly phone: string | null;
  readonly tierId: string;
  readonly birthday?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly cards?: readonly string[] | undefined;
  readonly phones?: readonly string[] | undefined;
  readonly mails?: readonly string[] | undefined;
  readonly address?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly gender?: string | null | undefined;
  readonly residence?: string | null | undefined;
  readonly preferredPayment?: string | null | undefined;
  readonly needs?: string | null | undefined;
  readonly purchaseMotive?: string | null | undefined;
  readonly homeStoreId?: string | null | undefined;
  readonly householdId?: string | null | undefined;
  readonly consents?: readonly ({
    readonly entryId: string;
    readonly purpose: string;
    readonly channel: string;
    readonly granted: boolean;
    readonly textVersion: string;
    readonly atMs: number;
    readonly source: string;
  })[] | undefined;
};

export type MemberLedger = {
  readonly balance: MemberBalance;
  readonly entries: readonly ({
    readonly id: string;
    readonly purse: "points" | "value" | "gift_card";
    readonly kind: "earn" | "grant" | "top_up" | "bonus" | "correct" | "spend" | "pay_out" | "take_back" | "give_back" | "expire" | "forgive" | "unfounded";
    readonly points: number;
    /** business date */
    readonly on: string;
    readonly atMs: number;
    readonly expiresOn: string | null;
    readonly ofId: string | null;
    readonly saleId: string | null;
    readonly storeId: string | null;
    readonly reason: string | null;
    readonly author: string | null;
    /** the lots that a spend took, less what came back to them */
    readonly lots: readonly ({
      readonly lotId: string;
      readonly points: number;
    })[];
  })[];
  readonly lots: readonly ({
    readonly id: string;
    readonly purse: "points" | "value" | "gift_card";
    readonly points: number;
    readonly left: number;
    readonly expired: number;
    readonly expiresOn: string | null;
    readonly isBonus: boolean;
  })[];
  readonly nextCursor: string | null;
};

export type MemberPage = {
  readonly member: MemberShown;
  /** ids that lead here */
  readonly aliases: readonly ({
    readonly id: string;
    readonly atMs: number;
  })[];
  readonly tier: {
    readonly tierId: string;
    readonly sinceOn: string | null;
    readonly throughOn: string | null;
    readonly growth: number | null;
  };
  readonly balance: {
    readonly memberId: string;
    readonly points: number;
    readonly valueMinor: number;
    readonly bonusMinor: number;
    readonly currency: string | null;
  };
  readonly books: readonly ({
    readonly currency: string;
    readonly visits: number;
    readonly tickets: number;
    readonly refunds: number;
    readonly netMinor: number;
    readonly pieces: number;
    readonly firstOn: string | null;
    readonly lastOn: string | null;
    readonly homeStoreId: string | null;
    readonly cell: {
      readonly recency: "active" | "silent" | "sleeping" | "lost";
      readonly frequency: "new" | "second" | "old" | "fan";
    } | null;
    readonly isSleeping: boolean;
    /** null: one visit says nothing */
    readonly isAtRisk: boolean | null;
  })[];
  /** that can be used today */
  readonly coupons: readonly ({
    readonly code: string;
    readonly templateId: string;
    readonly memberId: string | null;
    readonly validFrom: string | null;
    readonly validTo: string | null;
    readonly usedSaleId: string | null;
    readonly cancelled: boolean;
    readonly source: string | null;
  })[];
  readonly consents: readonly ({
    readonly purpose: string;
    readonly channel: string;
    readonly granted: boolean;
    readonly textVersion: string;
    readonly atMs: number;
  })[];
  readonly tags: readonly ({
    readonly tag: string;
    readonly source: string;
    readonly by: string;
    readonly why: string;
    readonly atMs: number;
  })[];
};

export type MemberPatchInput = {
  readonly set: {
    readonly name?: string | undefined;
    readonly cards?: readonly string[] | undefined;
    readonly phones?: readonly string[] | undefined;
    readonly mails?: readonly string[] | undefined;
    readonly address?: string | null | undefined;
    readonly note?: string | null | undefined;
    readonly birthday?: string | null | undefined;
    readonly gender?: string | null | undefined;
    readonly residence?: string | null | undefined;
    readonly preferredPayment?: string | null | undefined;
    readonly needs?: string | null | undefined;
    readonly purchaseMotive?: string | null | undefined;
    readonly homeStoreId?: string | null | undefined;
    readonly householdId?: string | null | undefined;
    readonly tags?: readonly string[] | undefined;
  };
  readonly source?: "import" | "web" | "erp" | "till" | "hq" | undefined;
  /** hybrid clock `ms.n` of the source; left out: now. Fields that were said later stay as they are */
  readonly at?: string | undefined;
};

export type MemberPatched = {
  readonly member: MemberShown;
  readonly changed: readonly string[];
  readonly kept: readonly string[];
};

export type MemberProfile = {
  readonly name: string;
  /** the first is the primary one; phones and mails alike */
  readonly cards: readonly string[];
  /** digits, with country code where known */
  readonly phones: readonly string[];
  readonly mails: readonly string[];
  readonly address: string | null;
  readonly note: string | null;
  /** MM-DD or YYYY-MM-DD */
  readonly birthday: string | null;
  readonly gender: string | null;
  /** city or region, never a street */
  readonly residence: string | null;
  readonly preferredPayment: string | null;
  readonly needs: string | null;
  readonly purchaseMotive: string | null;
  readonly homeStoreId: string | null;
  readonly householdId: string | null;
  readonly tags: readonly string[];
};

export type MemberSearch = {
  readonly members: readonly MemberShown[];
};

export type MemberShown = {
  readonly id: string;
  readonly tierId: string;
  /** the ETag of the profile */
  readonly revision: number;
  readonly updatedAtMs: number;
  readonly profile: MemberProfile;
};

export type MemberTags = {
  readonly memberId: string;
  readonly tags: readonly ({
    readonly tag: string;
    /** manual, profile, import, rule:ID */
    readonly source: string;
    readonly by: string;
    readonly why: string;
    readonly atMs: number;
  })[];
};

export type MemberUnmerged = {
  readonly member: MemberShown;
  readonly survivor: MemberShown;
};

export type NewTillInput = {
  readonly storeId: string;
  readonly code: string;
};

export type OfferChange = {
  /** of the audit log */
  readonly seq: number;
  readonly atMs: number;
  readonly by: {
    readonly kind: string;
    /** a login or a token’s name */
    readonly name: string;
  };
  readonly route: string;
  /** the id in the address, else the one in the body */
  readonly thing: string | null;
  /** that was published by it */
  readonly version: string | null;
  /** text that is no id or word of a closed set is `…` */
  readonly sent?: unknown | undefined;
  readonly before?: unknown | undefined;
  readonly after?: unknown | undefined;
};

export type OfferChanges = {
  readonly changes: readonly OfferChange[];
  readonly nextCursor: number | null;
};

export type OfferVersions = {
  readonly versions: readonly ({
    readonly kind: "coupon_template" | "coupon_pack" | "benefit" | "stored_value" | "referral" | "programme" | "tiers" | "tier_rule" | "draw";
    /** `chain` where the chain has one of the kind */
    readonly offerId: string;
    readonly no: number;
    /** as it was put; to publish it again, put it again */
    readonly data: { readonly [name: string]: unknown };
    /** from it on no till takes the offer */
    readonly ended: boolean;
    readonly atMs: number;
    readonly by: {
      /** owner, user, token; empty: nobody wrote it down */
      readonly kind: string;
      /** a login or a token’s name */
      readonly name: string;
    };
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type OpenSessions = {
  readonly sessions: readonly ({
    readonly id: string;
    readonly createdAtMs: number;
    readonly seenAtMs: number;
    readonly expiresAtMs: number;
    readonly address: string;
    readonly agent: string;
    /** the one that asks */
    readonly own: boolean;
  })[];
};

export type Order = {
  readonly channel: string;
  readonly externalId: string;
  readonly storeId: string;
  /** the sale in the books: GET /api/v1/sales/:saleId */
  readonly saleId: string;
  readonly kind: "sale" | "refund" | "exchange";
  readonly receiptNo: string;
  readonly status: string;
  /** externalId of the order whose goods come back */
  readonly refundOf: string | null;
  readonly memberId: string | null;
  readonly currency: string;
  /** minor units of the store currency */
  readonly totalMinor: number;
  readonly atMs: number;
  readonly placedAtMs: number;
};

export type OrderDetail = {
  readonly channel: string;
  readonly externalId: string;
  readonly storeId: string;
  /** the sale in the books: GET /api/v1/sales/:saleId */
  readonly saleId: string;
  readonly kind: "sale" | "refund" | "exchange";
  readonly receiptNo: string;
  readonly status: string;
  /** externalId of the order whose goods come back */
  readonly refundOf: string | null;
  readonly memberId: string | null;
  readonly currency: string;
  /** minor units of the store currency */
  readonly totalMinor: number;
  readonly atMs: number;
  readonly placedAtMs: number;
  readonly statuses: readonly ({
    readonly status: string;
    readonly note: string;
    readonly atMs: number;
  })[];
  readonly refunds: readonly ({
    readonly externalId: string;
    readonly saleId: string;
    /** minor units of the store currency */
    readonly totalMinor: number;
  })[];
};

export type OrderDraftInput = {
  /** web, tmall, erp-wholesale … */
  readonly channel: string;
  /** what the other system calls it; with the channel it is known for good */
  readonly externalId: string;
  /** the store whose books it is in */
  readonly storeId: string;
  /** when it was bought */
  readonly atMs: number;
  readonly memberId?: string | null | undefined;
  /** instead of memberId */
  readonly cardNo?: string | undefined;
  /** the store’s */
  readonly currency: string;
  /** left out: the store’s */
  readonly taxMode?: "inclusive" | "exclusive" | undefined;
  readonly lines: readonly ({
    readonly sku: string;
    readonly gtin?: string | null | undefined;
    /** left out: the article’s */
    readonly name?: string | undefined;
    readonly qty: number;
    /** of weighed goods: then qty is 1 or -1, and the price a kilogram’s */
    readonly weightG?: number | undefined;
    readonly unitPriceMinor: number;
    readonly discounts?: readonly ({
      readonly name: string;
      /** what it takes off the line */
      readonly amountMinor: number;
      readonly couponCode?: string | undefined;
    })[] | undefined;
    /** left out: the article’s, or the only one of the store */
    readonly taxCode?: string | undefined;
    /** to check */
    readonly netMinor?: number | undefined;
    /** to check; one minor unit of rounding a line is taken as said, then on every line */
    readonly taxMinor?: number | undefined;
  })[];
  readonly tenders: readonly ({
    readonly kind: "cash";
    /** on delivery */
    readonly amountMinor: number;
  } | {
    readonly kind: "card";
    readonly amountMinor: number;
    readonly brand: string;
    readonly last4: string;
    readonly approval?: string | undefined;
    readonly token?: string | undefined;
  } | {
    readonly kind: "wallet";
    readonly amountMinor: number;
    readonly wallet: "wechat" | "alipay" | "unionpay";
    readonly ref: string;
  } | {
    readonly kind: "voucher";
    readonly amountMinor: number;
    /** any other reference: bank transfer, invoice, pay-out of a marketplace */
    readonly voucherNo: string;
  } | {
    readonly kind: "points";
    readonly amountMinor: number;
    readonly points: number;
  } | {
    readonly kind: "stored_value";
    readonly amountMinor: number;
    readonly bonusMinor?: number | undefined;
  } | {
    readonly kind: "gift_card";
    readonly amountMinor: number;
    readonly giftCardId: string;
  })[];
  /** what the customer pays: must be what lines and tax add up to, and what tenders pay */
  readonly totalMinor: number;
  readonly status?: string | undefined;
};

export type OrderList = {
  readonly orders: readonly Order[];
  readonly nextCursor: string | null;
};

export type OrderPlaced = {
  readonly channel: string;
  readonly externalId: string;
  readonly saleId: string;
  readonly receiptNo: string;
  /** it was here already, with the same words; nothing happened */
  readonly repeated: boolean;
};

export type OrderRefundInput = {
  /** of the refund, a name of its own */
  readonly externalId: string;
  readonly atMs: number;
  readonly lines: readonly ({
    readonly lineNo: number;
    /** units that come back */
    readonly qty: number;
  })[];
  /** paid back by, amounts above zero; left out where the order was paid in one way */
  readonly tenders?: readonly ({
    readonly kind: "cash";
    /** on delivery */
    readonly amountMinor: number;
  } | {
    readonly kind: "card";
    readonly amountMinor: number;
    readonly brand: string;
    readonly last4: string;
    readonly approval?: string | undefined;
    readonly token?: string | undefined;
  } | {
    readonly kind: "wallet";
    readonly amountMinor: number;
    readonly wallet: "wechat" | "alipay" | "unionpay";
    readonly ref: string;
  } | {
    readonly kind: "voucher";
    readonly amountMinor: number;
    /** any other reference: bank transfer, invoice, pay-out of a marketplace */
    readonly voucherNo: string;
  } | {
    readonly kind: "points";
    readonly amountMinor: number;
    readonly points: number;
  } | {
    readonly kind: "stored_value";
    readonly amountMinor: number;
    readonly bonusMinor?: number | undefined;
  } | {
    readonly kind: "gift_card";
    readonly amountMinor: number;
    readonly giftCardId: string;
  })[] | undefined;
  /** what is paid back, to check */
  readonly totalMinor?: number | undefined;
};

export type OrdersPlaced = {
  readonly placed: number;
  readonly repeated: number;
  readonly refused: readonly ({
    /** place in the request */
    readonly index: number;
    readonly externalId: string;
    readonly kind: string;
    readonly errors: readonly ({
      readonly path: string;
      readonly message: string;
    })[];
  })[];
};

export type PaceList = {
  readonly asOfMs: number;
  readonly stores: readonly StorePace[];
};

export type Pareto = {
  /** YYYY-MM-DD */
  readonly asOf: string;
  readonly currency: string;
  readonly buyers: number;
  /** minor units */
  readonly netMinor: number;
  readonly tops: readonly ({
    readonly topBp: number;
    readonly members: number;
    /** minor units */
    readonly amountMinor: number;
    /** basis points; null over nothing */
    readonly shareBp: number | null;
  })[];
  readonly curve: readonly ({
    readonly topBp: number;
    readonly members: number;
    /** minor units */
    readonly amountMinor: number;
    /** basis points; null over nothing */
    readonly shareBp: number | null;
  })[];
};

export type PolicyPreview = {
  readonly from: string;
  readonly to: string;
  /** of the policy */
  readonly currency: string;
  /** of members and gift cards in this currency */
  readonly topUps: number;
  /** minor units of the store currency */
  readonly toppedUpMinor: number;
  /** that the limits of a top-up would not have let through */
  readonly refused: number;
  /** minor units of the store currency */
  readonly refusedMinor: number;
  /** that was given */
  readonly bonusThenMinor: number;
  /** that would have been */
  readonly bonusNowMinor: number;
};

export type Problem = {
  /** `urn:counterfoil:problem:KIND` */
  readonly type: string;
  /** the kind in plain words */
  readonly title: string;
  /** the HTTP status */
  readonly status: number;
  /** what is wrong here, and what to do */
  readonly detail: string;
  /** stable, lower_snake_case */
  readonly kind: string;
  /** the fields at fault, `items[3].priceMinor` */
  readonly errors?: readonly ({
    readonly path: string;
    readonly message: string;
  })[] | undefined;
  /** what else a program may want to know of it */
  readonly facts?: unknown | undefined;
};

export type ProfitReport = {
  /** YYYY-MM-DD */
  readonly asOf: string;
  readonly currency: string;
  readonly members: number;
  /** minor units */
  readonly netMinor: number;
  /** minor units */
  readonly marginMinor: number;
  /** minor units */
  readonly marketingMinor: number;
  /** minor units */
  readonly serviceMinor: number;
  /** minor units */
  readonly profitMinor: number;
  readonly losses: number;
  readonly rows: readonly ({
    readonly rank: number;
    readonly decile: number;
    readonly memberId: string;
    /** minor units */
    readonly netMinor: number;
    /** minor units */
    readonly marginMinor: number;
    /** minor units */
    readonly marketingMinor: number;
    /** minor units */
    readonly serviceMinor: number;
    /** minor units */
    readonly profitMinor: number;
  })[];
};

export type Programme = {
  readonly version: string;
  readonly earn: {
    /** one point for each of it */
    readonly perMinor: number;
    readonly multipliers: readonly ({
      readonly id: string;
      /** 20000 = double */
      readonly timesBp: number;
      readonly tiers?: readonly string[] | undefined;
      readonly validity?: {
        readonly from?: string | undefined;
        readonly to?: string | undefined;
        readonly weekdays?: readonly number[] | undefined;
        readonly monthDays?: readonly number[] | undefined;
        readonly hours?: readonly ({
          readonly fromMinute: number;
          readonly toMinute: number;
        })[] | undefined;
      } | undefined;
      readonly items?: {
        readonly all?: boolean | undefined;
        readonly skus?: readonly string[] | undefined;
        readonly categories?: readonly string[] | undefined;
        readonly brands?: readonly string[] | undefined;
        readonly exclude?: {
          readonly skus?: readonly string[] | undefined;
          readonly categories?: readonly string[] | undefined;
          readonly brands?: readonly string[] | undefined;
        } | undefined;
      } | undefined;
      readonly birthdayMonth?: boolean | undefined;
    })[];
    readonly timesMaxBp: number;
  };
  readonly spend: {
    readonly points: number;
    readonly worthMinor: number;
    readonly stepPoints: number;
    readonly capBp: number;
  };
  /** how long points are good; left out: for ever, and what a refund does not find is owed */
  readonly lots?: {
    readonly expiry: {
      readonly kind: "never";
    } | {
      readonly kind: "days";
      readonly days: number;
    } | {
      readonly kind: "year_end";
      readonly yearsAfter: number;
    };
    readonly graceDays: number;
    readonly shortfall: "owe" | "forgive";
  } | undefined;
};

export type ProgrammeInput = {
  readonly version: string;
  readonly earn: {
    /** one point for each of it */
    readonly perMinor: number;
    readonly multipliers: readonly ({
      readonly id: string;
      /** 20000 = double */
      readonly timesBp: number;
      readonly tiers?: readonly string[] | undefined;
      readonly validity?: {
        readonly from?: string | undefined;
        readonly to?: string | undefined;
        readonly weekdays?: readonly number[] | undefined;
        readonly monthDays?: readonly number[] | undefined;
        readonly hours?: readonly ({
          readonly fromMinute: number;
          readonly toMinute: number;
        })[] | undefined;
      } | undefined;
      readonly items?: {
        readonly all?: boolean | undefined;
        readonly skus?: readonly string[] | undefined;
        readonly categories?: readonly string[] | undefined;
        readonly brands?: readonly string[] | undefined;
        readonly exclude?: {
          readonly skus?: readonly string[] | undefined;
          readonly categories?: readonly string[] | undefined;
          readonly brands?: readonly string[] | undefined;
        } | undefined;
      } | undefined;
      readonly birthdayMonth?: boolean | undefined;
    })[];
    readonly timesMaxBp: number;
  };
  readonly spend: {
    readonly points: number;
    readonly worthMinor: number;
    readonly stepPoints: number;
    readonly capBp: number;
  };
  /** how long points are good; left out: for ever, and what a refund does not find is owed */
  readonly lots?: {
    readonly expiry: {
      readonly kind: "never";
    } | {
      readonly kind: "days";
      readonly days: number;
    } | {
      readonly kind: "year_end";
      readonly yearsAfter: number;
    };
    readonly graceDays: number;
    readonly shortfall: "owe" | "forgive";
  } | undefined;
};

export type ProgrammePreview = {
  readonly sales: number;
  readonly changed: number;
  readonly pointsThen: number;
  readonly pointsNow: number;
  readonly worthMinor: number;
  /** last good day of points of that day by the programme that is out; null: none */
  readonly endsThen: string | null;
  /** by the one that is tried */
  readonly endsNow: string | null;
};

export type PurchaseList = {
  readonly purchases: readonly ({
    readonly saleId: string;
    readonly kind: string;
    readonly receiptNo: string;
    readonly date: string;
    readonly atMs: number;
    readonly storeId: string;
    readonly tillCode: string;
    readonly cashierId: string;
    readonly currency: string;
    readonly totalMinor: number;
    readonly lines: readonly ({
      readonly sku: string;
      readonly name: string;
      readonly brand: string | null;
      readonly category: string | null;
      readonly qty: number;
      readonly weightG: number | null;
      readonly netMinor: number;
    })[];
  })[];
  readonly nextCursor: string | null;
};

export type QuarantineList = {
  readonly rows: readonly ({
    readonly id: string;
    readonly tillId: string;
    readonly journalId: string;
    readonly seq: number;
    /** why it could not be used */
    readonly reason: string;
    readonly atMs: number;
    /** the entry, byte for byte */
    readonly text: string;
    readonly tries: number;
    readonly closedAtMs: number | null;
    readonly closedAs: "retried" | "dismissed" | null;
    readonly closedWhy: string | null;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type QuarantineRetried = {
  /** the sale that it is now; null: it is none */
  readonly saleId: string | null;
};

export type Reason = {
  readonly kind: "tier";
  readonly tierId: string;
  readonly tierName: string;
  readonly rateBp: number;
} | {
  readonly kind: "price";
  /** the rule's name in the store's language */
  readonly name: string;
  /** minor units of the store currency */
  readonly unitPriceMinor: number;
} | {
  readonly kind: "amount_off";
  /** the rule's name in the store's language */
  readonly name: string;
  /** minor units of the store currency */
  readonly unitMinor: number;
  readonly units: number;
} | {
  readonly kind: "percent_off";
  /** the rule's name in the store's language */
  readonly name: string;
  readonly rateBp: number;
} | {
  readonly kind: "set_price";
  /** the rule's name in the store's language */
  readonly name: string;
  readonly qty: number;
  /** minor units of the store currency */
  readonly priceMinor: number;
} | {
  readonly kind: "set_amount";
  /** the rule's name in the store's language */
  readonly name: string;
  readonly qty: number;
  /** minor units of the store currency */
  readonly offMinor: number;
} | {
  readonly kind: "set_percent";
  /** the rule's name in the store's language */
  readonly name: string;
  readonly qty: number;
  readonly rateBp: number;
} | {
  readonly kind: "threshold";
  /** the rule's name in the store's language */
  readonly name: string;
  readonly by: "amount" | "quantity";
  readonly from: number;
  /** the whole reduction, of which the line carries its part */
  readonly offMinor: number;
} | {
  readonly kind: "gift";
  /** the rule's name in the store's language */
  readonly name: string;
  readonly units: number;
} | {
  readonly kind: "order";
  /** the rule's name in the store's language */
  readonly name: string;
  readonly rateBp: number;
  /** minor units of the store currency */
  readonly offMinor: number;
} | {
  readonly kind: "coupon";
  /** the rule's name in the store's language */
  readonly name: string;
  readonly code: string;
  /** minor units of the store currency */
  readonly offMinor: number;
} | {
  readonly kind: "manual";
  readonly scope: "line" | "order";
  /** minor units of the store currency */
  readonly offMinor: number;
  readonly approvalId: string | null;
} | {
  readonly kind: "returned";
  readonly receiptNo: string;
};

export type RecentlyViewed = {
  readonly viewed: readonly ({
    readonly subject: string;
    readonly times: number;
    readonly lastAtMs: number;
    readonly name: string | null;
  })[];
};

export type RecoveryCodes = {
  /** each good for one sign-in; shown once */
  readonly recoveryCodes: readonly string[];
};

export type Referral = {
  readonly friendId: string;
  readonly referrerId: string;
};

export type ReferralInput = {
  readonly friendId: string;
  readonly referrerId: string;
};

export type ReferralTerms = {
  readonly version: string;
  readonly returnDays: number;
  readonly fromMinor: { readonly [name: string]: number };
  readonly referrer: {
    readonly points?: number | undefined;
    /** a coupon of this template */
    readonly templateId?: string | undefined;
  };
  readonly friend: {
    readonly points?: number | undefined;
    /** a coupon of this template */
    readonly templateId?: string | undefined;
  };
};

export type ReferralTermsInput = {
  readonly version: string;
  readonly returnDays: number;
  readonly fromMinor: { readonly [name: string]: number };
  readonly referrer: {
    readonly points?: number | undefined;
    /** a coupon of this template */
    readonly templateId?: string | undefined;
  };
  readonly friend: {
    readonly points?: number | undefined;
    /** a coupon of this template */
    readonly templateId?: string | undefined;
  };
};

export type ReferralsPaid = {
  readonly paid: number;
};

export type RescueTicket = {
  readonly ticket: string;
  readonly expiresAtMs: number;
};

export type RetentionPreview = {
  readonly asOf: string;
  /** whom the rule would forget on that day */
  readonly members: number;
};

export type RetentionRules = {
  readonly rules: readonly ({
    readonly id: string;
    readonly afterMonths: number;
    readonly who: "any" | "no_consent";
    readonly active: boolean;
  })[];
};

export type RetentionRulesInput = {
  readonly rules: readonly ({
    readonly id: string;
    readonly afterMonths: number;
    readonly who: "any" | "no_consent";
    readonly active: boolean;
  })[];
};

export type RfmGrid = {
  /** YYYY-MM-DD */
  readonly asOf: string;
  readonly currency: string;
  readonly buyers: number;
  /** minor units */
  readonly netMinor: number;
  readonly sleeping: number;
  readonly atRisk: number;
  readonly cells: readonly ({
    readonly recency: "active" | "silent" | "sleeping" | "lost";
    readonly frequency: "new" | "second" | "old" | "fan";
    readonly members: number;
    /** minor units */
    readonly netMinor: number;
    /** basis points; null over nothing */
    readonly shareBp: number | null;
  })[];
  /** mean days between visits: spanDays / gaps */
  readonly shopCycle: {
    readonly spanDays: number;
    readonly gaps: number;
  };
  readonly parts: readonly ({
    readonly key: string;
    readonly buyers: number;
    /** minor units */
    readonly netMinor: number;
    readonly sleeping: number;
    readonly atRisk: number;
    readonly cells: readonly ({
      readonly recency: "active" | "silent" | "sleeping" | "lost";
      readonly frequency: "new" | "second" | "old" | "fan";
      readonly members: number;
      /** minor units */
      readonly netMinor: number;
      /** basis points; null over nothing */
      readonly shareBp: number | null;
    })[];
  })[] | null;
};

export type RfmThresholds = {
  readonly recency: {
    readonly by: "days";
    readonly silentFromDays: number;
    readonly sleepingFromDays: number;
    readonly lostFromDays: number;
  } | {
    readonly by: "cycles";
    /** 10000 = past one purchase cycle */
    readonly silentPastBp: number;
    readonly sleepingPastBp: number;
    readonly lostPastBp: number;
  };
  readonly frequency: {
    readonly oldFrom: number;
    readonly fanFrom: number;
  };
  readonly sleepingDays: number;
  readonly atRiskPastBp: number;
  readonly fallbackCycleDays: number;
};

export type RfmThresholdsInput = {
  readonly recency: {
    readonly by: "days";
    readonly silentFromDays: number;
    readonly sleepingFromDays: number;
    readonly lostFromDays: number;
  } | {
    readonly by: "cycles";
    /** 10000 = past one purchase cycle */
    readonly silentPastBp: number;
    readonly sleepingPastBp: number;
    readonly lostPastBp: number;
  };
  readonly frequency: {
    readonly oldFrom: number;
    readonly fanFrom: number;
  };
  readonly sleepingDays: number;
  readonly atRiskPastBp: number;
  readonly fallbackCycleDays: number;
};

export type RightList = {
  readonly rights: readonly ("sales.read" | "orders.write" | "stores.read" | "stores.write" | "catalog.read" | "catalog.write" | "promotions.read" | "promotions.write" | "programme.write" | "members.read" | "members.write" | "members.export" | "privacy.write" | "loyalty.read" | "loyalty.write" | "reports.read" | "reports.write" | "segments.read" | "segments.write" | "campaigns.read" | "campaigns.write" | "service.read" | "service.write" | "events.write" | "tills.read" | "tills.write" | "staff.read" | "staff.write" | "jobs.read" | "jobs.run" | "webhooks.read" | "webhooks.write" | "access.read" | "access.write" | "audit.read")[];
  readonly roles: readonly ({
    readonly role: "admin" | "marketing" | "service" | "finance" | "manager" | "auditor";
    readonly rights: readonly ("sales.read" | "orders.write" | "stores.read" | "stores.write" | "catalog.read" | "catalog.write" | "promotions.read" | "promotions.write" | "programme.write" | "members.read" | "members.write" | "members.export" | "privacy.write" | "loyalty.read" | "loyalty.write" | "reports.read" | "reports.write" | "segments.read" | "segments.write" | "campaigns.read" | "campaigns.write" | "service.read" | "service.write" | "events.write" | "tills.read" | "tills.write" | "staff.read" | "staff.write" | "jobs.read" | "jobs.run" | "webhooks.read" | "webhooks.write" | "access.read" | "access.write" | "audit.read")[];
  })[];
};

export type Role = {
  readonly id: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly permissions: readonly ("sell" | "void_line" | "void_sale" | "price_override" | "discount" | "refund" | "refund_no_receipt" | "refund_foreign" | "refund_to_cash" | "no_sale" | "cash_move" | "shift" | "reprint" | "training" | "store_page" | "enrol_member" | "devices" | "sell_expired")[];
  /** discount by hand without approval, 1000 = 10 % of the line or order */
  readonly discountLimitBp: number;
};

export type RoleInput = {
  readonly id: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly permissions: readonly ("sell" | "void_line" | "void_sale" | "price_override" | "discount" | "refund" | "refund_no_receipt" | "refund_foreign" | "refund_to_cash" | "no_sale" | "cash_move" | "shift" | "reprint" | "training" | "store_page" | "enrol_member" | "devices" | "sell_expired")[];
  /** discount by hand without approval, 1000 = 10 % of the line or order */
  readonly discountLimitBp: number;
};

export type RollupProof = {
  readonly rows: number;
  readonly differences: number;
  readonly memberIds: readonly string[];
};

export type RulePreview = {
  readonly books: readonly ({
    readonly currency: string;
    /** that were priced again */
    readonly sales: number;
    readonly changed: number;
    /** what all of them would have come to, less what they came to */
    readonly differenceMinor: number;
  })[];
};

export type RuleRollout = {
  readonly tills: readonly ({
    readonly tillId: string;
    readonly storeId: string;
    readonly code: string;
    /** of its last sale; null before the first */
    readonly version: string | null;
    readonly atMs: number | null;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type RuleSet = {
  readonly version: string;
} & { readonly [name: string]: unknown };

export type RuleSetInput = {
  readonly version: string;
} & { readonly [name: string]: unknown };

export type RuleVersions = {
  readonly versions: readonly ({
    readonly version: string;
    readonly publishedAtMs: number;
    readonly rules: number;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type SaleAlert = {
  readonly storeId: string;
  readonly saleId: string;
  readonly kind: string;
  readonly detail: { readonly [name: string]: unknown };
  readonly atMs: number;
};

export type SaleAlertList = {
  readonly alerts: readonly SaleAlert[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type SaleDetail = {
  readonly sale: SaleRow;
  readonly lines: readonly SaleLine[];
  readonly taxes: readonly ({
    readonly taxCode: string;
    readonly rateBp: number;
    /** minor units of the store currency */
    readonly baseMinor: number;
    /** minor units of the store currency */
    readonly taxMinor: number;
  })[];
  readonly taxMode: "inclusive" | "exclusive";
  /** minor units of the store currency */
  readonly grossMinor: number;
  /** minor units of the store currency */
  readonly taxMinor: number;
  /** minor units of the store currency */
  readonly roundingMinor: number;
  /** minor units of the store currency */
  readonly changeMinor: number;
  readonly tenders: readonly ({
    readonly kind: "cash" | "card" | "wallet" | "points" | "stored_value" | "gift_card" | "voucher";
    /** minor units of the store currency */
    readonly amountMinor: number;
    /** brand and last four, wallet and reference, points, voucher */
    readonly detail: string | null;
  })[];
  readonly rulesVersion: string;
  readonly cashierId: string;
  /** null: nobody of that id is on the staff */
  readonly cashierName: string | null;
  readonly member: {
    readonly id: string;
    readonly name: string;
    readonly cardNo: string;
    readonly tierId: string;
  } | null;
  readonly refundOf: {
    readonly saleId: string;
    readonly receiptNo: string;
  } | null;
  readonly chain: {
    readonly journalId: string;
    readonly seq: number;
    readonly hash: string;
    readonly code: string;
    readonly receivedAtMs: number;
  };
  /** the receipt as the customer saw it, as SVG */
  readonly receiptSvg: string;
};

export type SaleLine = {
  readonly lineNo: number;
  readonly sku: string;
  readonly gtin: string | null;
  readonly name: string;
  readonly qty: number;
  readonly weightG: number | null;
  /** minor units of the store currency */
  readonly unitPriceMinor: number;
  /** minor units of the store currency */
  readonly grossMinor: number;
  /** minor units of the store currency */
  readonly netMinor: number;
  readonly taxRateBp: number;
  /** minor units of the store currency */
  readonly taxMinor: number;
  readonly adjustments: readonly ({
    readonly ruleId: string;
    /** minor units of the store currency */
    readonly amountMinor: number;
    readonly reason: Reason;
  })[];
};

export type SaleList = {
  readonly asOfMs: number;
  readonly sales: readonly SaleRow[];
  readonly nextCursor: string | null;
};

export type SaleRow = {
  readonly id: string;
  readonly kind: "sale" | "refund" | "exchange";
  readonly receiptNo: string;
  readonly storeId: string;
  readonly tillId: string;
  readonly tillCode: string;
  /** of an order of another channel; null: sold at a till */
  readonly channel: string | null;
  /** business date */
  readonly businessDate: string;
  readonly atMs: number;
  readonly currency: string;
  readonly lines: number;
  readonly pieces: number;
  /** minor units of the store currency */
  readonly totalMinor: number;
  /** minor units of the store currency */
  readonly adjustmentMinor: number;
  readonly memberId: string | null;
  /** what HQ found odd; the sale stands all the same */
  readonly flags: readonly string[];
};

export type SalesEquation = {
  readonly currency: string;
  /** minor units */
  readonly netMinor: number;
  readonly tickets: number;
  readonly pieces: number;
  readonly byVisit: readonly ({
    readonly key: string;
    readonly members: number;
    readonly tickets: number;
    /** minor units */
    readonly netMinor: number;
  })[];
  /** pieces / tickets */
  readonly attachRate: {
    readonly num: number;
    readonly den: number;
  } | null;
  /** net / pieces: tickets x attachRate x unitPrice is netMinor, exactly */
  readonly unitPriceMinor: {
    readonly num: number;
    readonly den: number;
  } | null;
  readonly averageTicketMinor: number | null;
  readonly traffic: {
    readonly visitors: number;
    readonly tickets: number;
    /** basis points; null over nothing */
    readonly conversionBp: number | null;
  } | null;
};

export type ScoreList = {
  /** YYYY-MM-DD */
  readonly asOf: string;
  readonly currency: string;
  readonly buyers: number;
  readonly cuts: {
    readonly lastOn: readonly string[];
    readonly visits: readonly number[];
    readonly netMinor: readonly number[];
  };
  readonly members: readonly ScoredMember[];
  readonly nextCursor: string | null;
};

export type ScoredMember = {
  readonly memberId: string;
  readonly visits: number;
  readonly tickets: number;
  /** minor units */
  readonly netMinor: number;
  /** YYYY-MM-DD */
  readonly firstOn: string;
  /** YYYY-MM-DD */
  readonly lastOn: string;
  readonly homeStoreId: string;
  readonly r: number;
  readonly f: number;
  readonly m: number;
  readonly recency: "active" | "silent" | "sleeping" | "lost";
  readonly frequency: "new" | "second" | "old" | "fan";
  readonly sleeping: boolean;
  readonly atRisk: boolean;
  readonly cycle: {
    readonly spanDays: number;
    readonly gaps: number;
  } | null;
};

export type Segment = {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly kind: "dynamic" | "frozen";
  readonly rule: SegmentRule;
  readonly currency: string | null;
  readonly revision: number;
  readonly updatedAtMs: number;
};

export type SegmentChangeInput = {
  readonly name: string;
  readonly note?: string | undefined;
  readonly rule: SegmentRuleInput;
  /** of purchases that the rule asks about */
  readonly currency?: string | null | undefined;
  /** the one that was read; instead of If-Match */
  readonly revision?: number | undefined;
};

export type SegmentCount = {
  /** YYYY-MM-DD */
  readonly asOf: string;
  readonly members: number;
  readonly sample: readonly SegmentMember[];
};

export type SegmentCountAskedInput = {
  readonly rule: SegmentRuleInput;
  readonly currency?: string | null | undefined;
  /** so many of them, spread over all */
  readonly sample?: number | undefined;
};

export type SegmentDraftInput = {
  readonly name: string;
  readonly note?: string | undefined;
  readonly rule: SegmentRuleInput;
  /** of purchases that the rule asks about */
  readonly currency?: string | null | undefined;
};

export type SegmentList = {
  readonly segments: readonly Segment[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type SegmentMember = {
  readonly memberId: string;
  readonly cardNo: string;
  readonly name: string;
  readonly tierId: string;
};

export type SegmentOverlap = {
  readonly a: number;
  readonly b: number;
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
};

export type SegmentPage = {
  readonly members: readonly SegmentMember[];
  readonly nextCursor: string | null;
};

export type SegmentReason = {
  readonly path: string;
  readonly kind: "all" | "any" | "not" | "condition";
  readonly source: string | null;
  readonly holds: boolean;
  readonly actual: string | null;
  readonly of: readonly unknown[];
};

export type SegmentRefresh = {
  readonly counted: number;
  readonly failed: readonly ({
    readonly segmentId: string;
    readonly problem: {
      readonly path: string;
      readonly kind: string;
      readonly message: string;
    };
  })[];
};

/** { all: [...] }, { any: [...] }, { not: … } or a condition { source: … }: see /segments/sources */
export type SegmentRule = unknown;

/** { all: [...] }, { any: [...] }, { not: … } or a condition { source: … }: see /segments/sources */
export type SegmentRuleInput = unknown;

export type SegmentSizes = {
  readonly sizes: readonly ({
    /** YYYY-MM-DD */
    readonly on: string;
    readonly members: number;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type SegmentSources = {
  readonly depthMax: number;
  readonly nodesMax: number;
  readonly operators: { readonly [name: string]: readonly string[] };
  readonly sources: readonly ({
    readonly source: string;
    readonly about: string;
    readonly fields: readonly ({
      readonly name: string;
      readonly type: string;
      readonly options?: readonly string[] | undefined;
    })[];
  })[];
};

export type SessionState = {
  readonly kind: "owner" | "user" | "token";
  readonly id: string;
  /** login of a user, name of a token */
  readonly login: string;
  readonly name: string;
  readonly role: "admin" | "marketing" | "service" | "finance" | "manager" | "auditor" | null;
  /** the stores that this is for; null: the whole chain */
  readonly stores: readonly string[] | null;
  readonly rights: readonly ("sales.read" | "orders.write" | "stores.read" | "stores.write" | "catalog.read" | "catalog.write" | "promotions.read" | "promotions.write" | "programme.write" | "members.read" | "members.write" | "members.export" | "privacy.write" | "loyalty.read" | "loyalty.write" | "reports.read" | "reports.write" | "segments.read" | "segments.write" | "campaigns.read" | "campaigns.write" | "service.read" | "service.write" | "events.write" | "tills.read" | "tills.write" | "staff.read" | "staff.write" | "jobs.read" | "jobs.run" | "webhooks.read" | "webhooks.write" | "access.read" | "access.write" | "audit.read")[];
  readonly expiresAtMs: number | null;
  /** nothing is allowed until an own password is chosen */
  readonly passwordTemporary: boolean;
  readonly secondFactor: boolean;
};

export type ShiftZ = {
  readonly storeId: string;
  readonly tillId: string;
  readonly tillCode: string;
  readonly shiftId: string;
  readonly zNo: number;
  readonly businessDate: string;
  readonly openedAtMs: number;
  readonly closedAtMs: number;
  readonly cashierId: string;
  /** null: nobody of that id is on the staff */
  readonly cashierName: string | null;
  /** sales less refunds, folded by HQ from the entries */
  readonly totalMinor: number;
  /** what the drawer should have held */
  readonly expectedMinor: number;
  /** minor units of the store currency */
  readonly countedMinor: number;
  /** minor units of the store currency */
  readonly differenceMinor: number;
  /** fields in which the till's own Z says otherwise */
  readonly differs: readonly string[];
};

export type ShiftZList = {
  readonly shifts: readonly ShiftZ[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type StaffInputInput = {
  readonly id: string;
  readonly name: string;
  readonly roleId: string;
  /** null: works in every store */
  readonly storeId: string | null;
  readonly active: boolean;
  /** kept as a scrypt hash; left out: the old one stays */
  readonly pin?: string | undefined;
};

export type StaffList = {
  readonly staff: readonly ({
    readonly id: string;
    readonly name: string;
    readonly roleId: string;
    /** null: works in every store */
    readonly storeId: string | null;
    readonly active: boolean;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type Store = {
  readonly id: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly locale: "zh-CN" | "zh-TW" | "en";
  readonly timeZone: string;
  /** for reports: the part of the country it belongs to */
  readonly region?: string | undefined;
  readonly currency: {
    readonly code: string;
    readonly digits: number;
    readonly symbol: string;
  };
  readonly tax: {
    readonly mode: "inclusive" | "exclusive";
    readonly rounding: "line" | "rate" | "document";
    readonly rates: readonly ({
      readonly code: string;
      readonly rateBp: number;
    })[];
  };
  readonly cash: {
    readonly cashStepMinor: number;
    readonly cashRounding: "nearest" | "down";
  };
  readonly notesMinor: readonly number[];
  readonly templates: readonly ({
    readonly pattern: string;
    readonly decimals: number;
  })[];
  readonly address: readonly string[];
  readonly footer: readonly string[];
  readonly mergeSameItem: boolean;
  /** goods after their day (AI 17): sold with a warning, or only when a manager lets it */
  readonly expiredGoods?: "warn" | "block" | undefined;
  /** batch, serial number and days of a pack are on the receipt */
  readonly printPack?: boolean | undefined;
  /** what a till pays out in a day, offline, on receipts of other tills */
  readonly foreignRefundLimitMinor?: number | undefined;
  /** what a person agrees to on joining at a till */
  readonly consent?: {
    readonly version: string;
    readonly purposes: readonly ({
      readonly purpose: string;
      readonly needed: boolean;
      readonly text: string;
      readonly texts?: { readonly [name: string]: string } | undefined;
    })[];
  } | undefined;
  /** how much of what members may spend its tills ask for */
  readonly leases?: {
    readonly pointsMax: number;
    readonly valueMinorMax: number;
    readonly regularVisits: number;
    readonly regularsMax: number;
    readonly aheadPointsMax: number;
    readonly usesAhead: number;
  } | undefined;
};

export type StoreDay = {
  readonly storeId: string;
  /** business date */
  readonly businessDate: string;
  readonly currency: string;
  readonly sales: number;
  readonly refunds: number;
  readonly lines: number;
  readonly pieces: number;
  /** minor units of the store currency */
  readonly grossMinor: number;
  /** minor units of the store currency */
  readonly adjustmentMinor: number;
  /** minor units of the store currency */
  readonly taxMinor: number;
  /** sales less refunds, as on the receipts, before cash rounding */
  readonly totalMinor: number;
  /** minor units of the store currency */
  readonly roundingMinor: number;
  /** sales with a member */
  readonly memberSales: number;
  /** minor units of the store currency */
  readonly memberTotalMinor: number;
  /** distinct members */
  readonly membersSeen: number;
};

export type StoreDayList = {
  readonly asOfMs: number;
  readonly days: readonly StoreDay[];
};

export type StoreInput = {
  readonly id: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly locale: "zh-CN" | "zh-TW" | "en";
  readonly timeZone: string;
  /** for reports: the part of the country it belongs to */
  readonly region?: string | undefined;
  readonly currency: {
    readonly code: string;
    readonly digits: number;
    readonly symbol: string;
  };
  readonly tax: {
    readonly mode: "inclusive" | "exclusive";
    readonly rounding: "line" | "rate" | "document";
    readonly rates: readonly ({
      readonly code: string;
      readonly rateBp: number;
    })[];
  };
  readonly cash: {
    readonly cashStepMinor: number;
    readonly cashRounding: "nearest" | "down";
  };
  readonly notesMinor: readonly number[];
  readonly templates: readonly ({
    readonly pattern: string;
    readonly decimals: number;
  })[];
  readonly address: readonly string[];
  readonly footer: readonly string[];
  readonly mergeSameItem: boolean;
  /** goods after their day (AI 17): sold with a warning, or only when a manager lets it */
  readonly expiredGoods?: "warn" | "block" | undefined;
  /** batch, serial number and days of a pack are on the receipt */
  readonly printPack?: boolean | undefined;
  /** what a till pays out in a day, offline, on receipts of other tills */
  readonly foreignRefundLimitMinor?: number | undefined;
  /** what a person agrees to on joining at a till */
  readonly consent?: {
    readonly version: string;
    readonly purposes: readonly ({
      readonly purpose: string;
      readonly needed: boolean;
      readonly text: string;
      readonly texts?: { readonly [name: string]: string } | undefined;
    })[];
  } | undefined;
  /** how much of what members may spend its tills ask for */
  readonly leases?: {
    readonly pointsMax: number;
    readonly valueMinorMax: number;
    readonly regularVisits: number;
    readonly regularsMax: number;
    readonly aheadPointsMax: number;
    readonly usesAhead: number;
  } | undefined;
};

export type StoreList = {
  readonly stores: readonly Store[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type StorePace = {
  readonly storeId: string;
  /** minor units of the store currency */
  readonly totalMinor: number;
  readonly sales: number;
  /** minor units of the store currency */
  readonly lastWeekMinor: number;
  readonly lastWeekSales: number;
};

export type StoredValuePolicy = {
  readonly version: string;
  readonly currency: string;
  readonly named: {
    readonly balanceMaxMinor: number;
    readonly validYears: number | null;
  };
  readonly unnamed: {
    readonly balanceMaxMinor: number;
    readonly validYears: number | null;
  };
  readonly topUp: {
    readonly minMinor: number;
    readonly maxMinor: number;
  };
  readonly bonus: readonly ({
    readonly fromMinor: number;
    readonly bonusMinor: number;
  })[];
  readonly bonusDays: number | null;
  readonly registerFromMinor: number;
  readonly registerYears: number;
};

export type StoredValuePolicyInput = {
  readonly version: string;
  readonly currency: string;
  readonly named: {
    readonly balanceMaxMinor: number;
    readonly validYears: number | null;
  };
  readonly unnamed: {
    readonly balanceMaxMinor: number;
    readonly validYears: number | null;
  };
  readonly topUp: {
    readonly minMinor: number;
    readonly maxMinor: number;
  };
  readonly bonus: readonly ({
    readonly fromMinor: number;
    readonly bonusMinor: number;
  })[];
  readonly bonusDays: number | null;
  readonly registerFromMinor: number;
  readonly registerYears: number;
};

export type Structure = {
  /** YYYY-MM-DD */
  readonly asOf: string;
  readonly members: number;
  readonly parts: readonly ({
    readonly key: string;
    readonly members: number;
    readonly shareBp: number;
    /** basis points; null over nothing */
    readonly targetBp: number | null;
    /** basis points; null over nothing */
    readonly gapBp: number | null;
  })[];
};

export type StructureTargetInput = {
  readonly storeId: string | null;
  /** gender, age, residence, tier, store, region or field:ID */
  readonly dimension: string;
  readonly parts: readonly ({
    readonly key: string;
    readonly shareBp: number;
  })[];
};

export type TagList = {
  readonly tags: readonly ({
    readonly tag: string;
    readonly members: number;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type TagRule = {
  readonly name: string;
  /** `{subject}` in it is what the event was about */
  readonly tag: string;
  readonly cause: {
    readonly kind: "event";
    readonly kinds: readonly string[];
    /** null: any */
    readonly subjects: readonly string[] | null;
  } | {
    readonly kind: "segment";
    readonly segmentId: string;
    /** the tag stays when a member leaves the segment */
    readonly keep: boolean;
  };
  readonly active: boolean;
  readonly id: string;
  readonly revision: number;
  readonly changedBy: string;
  readonly updatedAtMs: number;
};

export type TagRuleChangeInput = {
  readonly name: string;
  /** `{subject}` in it is what the event was about */
  readonly tag: string;
  readonly cause: {
    readonly kind: "event";
    readonly kinds: readonly string[];
    /** null: any */
    readonly subjects?: readonly string[] | null | undefined;
  } | {
    readonly kind: "segment";
    readonly segmentId: string;
    /** the tag stays when a member leaves the segment */
    readonly keep?: boolean | undefined;
  };
  readonly active?: boolean | undefined;
  /** the one that was read; instead of If-Match */
  readonly revision?: number | undefined;
};

export type TagRuleDraftInput = {
  readonly name: string;
  /** `{subject}` in it is what the event was about */
  readonly tag: string;
  readonly cause: {
    readonly kind: "event";
    readonly kinds: readonly string[];
    /** null: any */
    readonly subjects?: readonly string[] | null | undefined;
  } | {
    readonly kind: "segment";
    readonly segmentId: string;
    /** the tag stays when a member leaves the segment */
    readonly keep?: boolean | undefined;
  };
  readonly active?: boolean | undefined;
};

export type TagRuleList = {
  readonly rules: readonly TagRule[];
};

export type TagsRefreshed = {
  readonly set: number;
  readonly unset: number;
  readonly failed: readonly ({
    readonly ruleId: string;
    readonly message: string;
  })[];
};

export type Tier = {
  readonly id: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly rank: number;
  readonly discountBp: number;
};

export type TierAt = {
  readonly tier: {
    readonly tierId: string;
    /** business date */
    readonly sinceOn: string;
    readonly throughOn: string | null;
    readonly growth: number;
    readonly version: string;
    readonly nextReviewOn: string | null;
  } | null;
};

export type TierInput = {
  readonly id: string;
  readonly name: string;
  readonly names?: { readonly [name: string]: string } | undefined;
  readonly rank: number;
  readonly discountBp: number;
};

export type TierList = {
  readonly tiers: readonly Tier[];
};

export type TierReview = {
  readonly reviewed: number;
  readonly changed: number;
};

export type TierRule = {
  readonly version: string;
  /** business date */
  readonly from: string;
  readonly growth: {
    readonly perMinor: { readonly [name: string]: number };
    readonly windowMonths: number | null;
  };
  readonly levels: readonly ({
    readonly tierId: string;
    readonly fromGrowth: number;
  })[];
  readonly validity: {
    readonly months: number | null;
    readonly graceDays: number;
    readonly drop: "earned" | "one";
  };
};

export type TierRuleInput = {
  readonly version: string;
  /** business date */
  readonly from: string;
  readonly growth: {
    readonly perMinor: { readonly [name: string]: number };
    readonly windowMonths: number | null;
  };
  readonly levels: readonly ({
    readonly tierId: string;
    readonly fromGrowth: number;
  })[];
  readonly validity: {
    readonly months: number | null;
    readonly graceDays: number;
    readonly drop: "earned" | "one";
  };
};

export type TierRulePreview = {
  /** the first day of the rule: tiers that members hold by then run to their end */
  readonly on: string;
  readonly members: number;
  /** of them that were worked out */
  readonly looked: number;
  readonly up: number;
  readonly down: number;
  readonly moves: readonly ({
    readonly fromTierId: string;
    readonly toTierId: string;
    readonly members: number;
  })[];
  /** the sales of the day with the discounts of the tiers to which members move */
  readonly books: readonly ({
    readonly currency: string;
    /** that were priced again */
    readonly sales: number;
    readonly changed: number;
    /** what all of them would have come to, less what they came to */
    readonly differenceMinor: number;
  })[];
};

export type TierRules = {
  readonly rules: readonly TierRule[];
};

export type Till = {
  readonly id: string;
  readonly storeId: string;
  readonly code: string;
  readonly enrolled: boolean;
  readonly revoked: boolean;
  /** two disks spoke as this till: nothing is taken until HQ says which one goes on */
  readonly stopped: boolean;
  readonly online: boolean;
  readonly lastSeenAtMs: number | null;
  readonly lastSaleAtMs: number | null;
  readonly headSeq: number;
  readonly headHash: string | null;
  /** entries the till says it has not yet sent, as of lastSeenAtMs */
  readonly unsent: number | null;
  readonly quarantined: number;
  readonly version: string | null;
  /** how well it would do with the line down, as it said last */
  readonly readiness: {
    /** 0 to 100 */
    readonly score: number;
    readonly reasons: readonly ({
      readonly kind: string;
      readonly points: number;
    })[];
  } | null;
  readonly readinessAtMs: number | null;
};

export type TillAlert = {
  readonly alertId: string;
  /** null: HQ itself */
  readonly tillId: string | null;
  readonly tillCode: string | null;
  readonly storeId: string | null;
  readonly kind: string;
  readonly detail: { readonly [name: string]: unknown };
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** how often it was seen while open */
  readonly times: number;
  readonly closedAtMs: number | null;
  readonly closedWhy: string | null;
};

export type TillAlertList = {
  readonly alerts: readonly TillAlert[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type TillHead = {
  readonly cloudId: string;
  readonly tillId: string;
  readonly journalId: string;
  readonly seq: number;
  readonly hash: string;
  /** Ed25519 of HQ over the head, base64 */
  readonly sig: string;
  readonly cloudKey: string;
};

export type TillList = {
  readonly asOfMs: number;
  readonly tills: readonly Till[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type Timeline = {
  readonly memberId: string;
  readonly entries: readonly ({
    readonly kind: "sale" | "interaction" | "event" | "consent" | "tag" | "tier" | "points" | "coupon" | "contact";
    readonly id: string;
    readonly atMs: number;
    readonly data: { readonly [name: string]: unknown };
  })[];
  readonly nextCursor: string | null;
};

export type TokenList = {
  readonly tokens: readonly ApiToken[];
  readonly nextCursor: string | null;
};

export type User = {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly role: "admin" | "marketing" | "service" | "finance" | "manager" | "auditor";
  /** the stores that this is for; null: the whole chain */
  readonly stores: readonly string[] | null;
  readonly passwordTemporary: boolean;
  readonly secondFactor: boolean;
  readonly disabled: boolean;
  /** its ETag */
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

export type UserList = {
  readonly users: readonly User[];
  readonly nextCursor: string | null;
};

export type Versions = {
  readonly versions: readonly ({
    readonly version: string;
    readonly publishedAtMs: number;
  })[];
  /** null: these were the last */
  readonly nextCursor: string | null;
};

export type VisitorJoined = {
  readonly joined: number;
  readonly tagged: number;
};

export type Webhook = {
  readonly id: string;
  readonly url: string;
  readonly kinds: readonly string[];
  readonly storeIds: readonly string[] | null;
  readonly note: string;
  /** gone: the receiver answered 410 */
  readonly state: "active" | "paused" | "gone";
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** until then messages are signed with the former secret too */
  readonly oldSecretUntilMs: number | null;
  readonly deliveries: {
    readonly waiting: number;
    readonly delivered: number;
    readonly dead: number;
  };
};

export type WebhookDelivery = {
  readonly eventNo: number;
  readonly kind: string;
  readonly storeId: string | null;
  readonly data: { readonly [name: string]: unknown };
  readonly atMs: number;
  readonly state: "waiting" | "delivered" | "dead";
  readonly attempts: number;
  readonly nextAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly tries: readonly ({
    readonly attempt: number;
    readonly atMs: number;
    readonly tookMs: number;
    /** HTTP status; null: no answer */
    readonly status: number | null;
    readonly error: string | null;
  })[];
};

export type WebhookDeliveryList = {
  readonly deliveries: readonly WebhookDelivery[];
  readonly nextCursor: string | null;
};

export type WebhookList = {
  readonly webhooks: readonly Webhook[];
  /** what there is to hear of */
  readonly kinds: { readonly [name: string]: string };
};

export type WebhookSecret = {
  readonly id: string;
  /** shown this once: HMAC-SHA256 key of `counterfoil-signature` */
  readonly secret: string;
};

export type WrittenOff = {
  readonly freed: number;
};

export interface Routes {
  /** Take off a tag that was set by hand; what a rule or the profile says stays */
  'DELETE /api/v1/members/{memberId}/tags/{tag}': {
    readonly path: {
      readonly memberId: string;
      readonly tag: string;
    };
    readonly query: {
      /** why, for whoever reads the timeline */
      readonly why?: string | undefined;
    };
    readonly body: never;
    readonly answer: Applied;
  };
  /** Drop a segment */
  'DELETE /api/v1/segments/{segmentId}': {
    readonly path: {
      readonly segmentId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Sign out */
  'DELETE /api/v1/session': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: Ended;
  };
  /** Sign out everywhere */
  'DELETE /api/v1/session/all': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: Ended;
  };
  /** Do without the second factor */
  'DELETE /api/v1/session/second-factor': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly password: string;
    };
    readonly answer: Ended;
  };
  /** Drop a tag rule and the tags it set */
  'DELETE /api/v1/tag-rules/{ruleId}': {
    readonly path: {
      readonly ruleId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Revoke an API token */
  'DELETE /api/v1/tokens/{tokenId}': {
    readonly path: {
      readonly tokenId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: ApiToken;
  };
  /** Take the second factor off, for who lost the phone and the recovery codes */
  'DELETE /api/v1/users/{userId}/second-factor': {
    readonly path: {
      readonly userId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Ended;
  };
  /** End all sessions of a user */
  'DELETE /api/v1/users/{userId}/sessions': {
    readonly path: {
      readonly userId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Ended;
  };
  /** Drop a webhook with its log */
  'DELETE /api/v1/webhooks/{webhookId}': {
    readonly path: {
      readonly webhookId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Sales that somebody must look at, newest first */
  'GET /api/v1/alerts': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
      readonly storeId?: string | undefined;
      readonly kind?: string | undefined;
    };
    readonly body: never;
    readonly answer: SaleAlertList;
  };
  /** Writes at HQ, newest first */
  'GET /api/v1/audit': {
    readonly path: never;
    readonly query: {
      /** a user’s id, a token’s id, or `owner` */
      readonly actorId?: string | undefined;
      /** `nextCursor` of the page before */
      readonly cursor?: number | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: AuditPage;
  };
  /** Walks the chain of the audit log: the first break, or none */
  'GET /api/v1/audit/proof': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: AuditProof;
  };
  /** Birthday, festival and member-day benefits */
  'GET /api/v1/benefits': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: Benefits;
  };
  /** Name, colour and mark of HQ’s pages */
  'GET /api/v1/branding': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: Branding;
  };
  /** Articles whose buyers get coupons */
  'GET /api/v1/coupon-packs': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: CouponPackList;
  };
  /** Coupon templates, and how many codes are out and used */
  'GET /api/v1/coupon-templates': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: CouponTemplates;
  };
  /** Custom fields, retired ones too */
  'GET /api/v1/custom-fields': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: CustomFieldList;
  };
  /** One custom field */
  'GET /api/v1/custom-fields/{fieldId}': {
    readonly path: {
      readonly fieldId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: CustomField;
  };
  /** A draw with its promise, odds, tickets and, once drawn, all that it takes to work it out again */
  'GET /api/v1/draws/{drawId}': {
    readonly path: {
      readonly drawId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: DrawPage;
  };
  /** Sales by local hour of one business date */
  'GET /api/v1/figures/hours': {
    readonly path: never;
    readonly query: {
      /** business date */
      readonly businessDate: string;
      readonly storeId?: string | undefined;
    };
    readonly body: never;
    readonly answer: HourList;
  };
  /** Sales by store and business date */
  'GET /api/v1/figures/store-days': {
    readonly path: never;
    readonly query: {
      /** business date */
      readonly from?: string | undefined;
      /** business date */
      readonly to?: string | undefined;
      readonly storeId?: string | undefined;
      /** `till`: sold at tills; left out: all */
      readonly channel?: string | undefined;
    };
    readonly body: never;
    readonly answer: StoreDayList;
  };
  /** Each store up to a local hour, beside the same weekday a week before up to that hour */
  'GET /api/v1/figures/store-pace': {
    readonly path: never;
    readonly query: {
      /** business date */
      readonly businessDate: string;
      /** finished hours by the store’s clock; 24: all */
      readonly beforeHour: number;
    };
    readonly body: never;
    readonly answer: PaceList;
  };
  /** Patterns that an honest cashier seldom makes, with the journal rows behind each */
  'GET /api/v1/fraud-lens': {
    readonly path: never;
    readonly query: {
      readonly from: string;
      readonly to: string;
      readonly storeId?: string | undefined;
    };
    readonly body: never;
    readonly answer: FraudLens;
  };
  /** A gift card by id or code */
  'GET /api/v1/gift-cards/{card}': {
    readonly path: {
      readonly card: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: GiftCard;
  };
  /** Imports, the newest first */
  'GET /api/v1/imports': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: {
      readonly runs: readonly ImportRun[];
      /** null: these were the last */
      readonly nextCursor: string | null;
    };
  };
  /** How an import goes */
  'GET /api/v1/imports/{runId}': {
    readonly path: {
      readonly runId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: ImportRun;
  };
  /** Items, by SKU */
  'GET /api/v1/items': {
    readonly path: never;
    readonly query: {
      /** part of the name in any language, SKU, GTIN or PLU */
      readonly q?: string | undefined;
      readonly category?: string | undefined;
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: ItemList;
  };
  /** Categories and brands that items are in */
  'GET /api/v1/items/groups': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: ItemGroups;
  };
  /** One item */
  'GET /api/v1/items/{sku}': {
    readonly path: {
      readonly sku: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Item;
  };
  /** What HQ does by itself: last run, errors, next run */
  'GET /api/v1/jobs': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: JobList;
  };
  /** Runs of a job, newest first */
  'GET /api/v1/jobs/{name}/runs': {
    readonly path: {
      readonly name: string;
    };
    readonly query: {
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: JobRunList;
  };
  /** What tills hold, frozen first */
  'GET /api/v1/leases': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
      readonly tillId?: string | undefined;
      /** `points:MEMBER`, `rule:RULE`, … */
      readonly key?: string | undefined;
    };
    readonly body: never;
    readonly answer: LeaseList;
  };
  /** After HQ was put back: whose word on its leases is awaited */
  'GET /api/v1/leases/settling': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: LeaseSettling;
  };
  /** Sales and tills as they change (text/event-stream) */
  'GET /api/v1/live': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: Blob;
  };
  /** Members that may be one person twice, with score and reasons */
  'GET /api/v1/member-duplicates': {
    readonly path: never;
    readonly query: {
      readonly memberId?: string | undefined;
      readonly scoreMin?: number | undefined;
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: DuplicateList;
  };
  /** Members as a file that the import takes again; no text in it is a formula */
  'GET /api/v1/members/export': {
    readonly path: never;
    readonly query: {
      readonly format?: "csv" | "xlsx" | undefined;
      /** its members alone */
      readonly segmentId?: string | undefined;
    };
    readonly body: never;
    readonly answer: Blob;
  };
  /** The page of a member, by any id that it ever had; its ETag is the revision of the profile */
  'GET /api/v1/members/{memberId}': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: MemberPage;
  };
  /** Points and stored value of a member, now or at the end of any day */
  'GET /api/v1/members/{memberId}/balance': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      /** worked out from what moved up to the end of that day */
      readonly asOf?: string | undefined;
    };
    readonly body: never;
    readonly answer: MemberBalance;
  };
  /** What a member tried to put in the cart, and whether it was bought since */
  'GET /api/v1/members/{memberId}/cart-tries': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: CartTries;
  };
  /** What holds now, and every word that was said, with its text version */
  'GET /api/v1/members/{memberId}/consents': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: MemberConsents;
  };
  /** Codes of a member, newest first */
  'GET /api/v1/members/{memberId}/coupons': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: MemberCoupons;
  };
  /** What would go and what would stay if this member were erased */
  'GET /api/v1/members/{memberId}/erasure': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Erasure;
  };
  /** Custom fields of a member */
  'GET /api/v1/members/{memberId}/fields': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: MemberFields;
  };
  /** Points or stored value of a member: balance, open lots, and all that moved, newest first */
  'GET /api/v1/members/{memberId}/ledger': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      readonly purse?: "points" | "value" | undefined;
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: MemberLedger;
  };
  /** What a member bought, line by line, the newest first */
  'GET /api/v1/members/{memberId}/purchases': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: PurchaseList;
  };
  /** What a member looked at lately */
  'GET /api/v1/members/{memberId}/recently-viewed': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: RecentlyViewed;
  };
  /** Tags of a member: who set each, when and why */
  'GET /api/v1/members/{memberId}/tags': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: MemberTags;
  };
  /** The tier of a member at any date, worked out from the facts */
  'GET /api/v1/members/{memberId}/tier': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      /** business date */
      readonly date: string;
    };
    readonly body: never;
    readonly answer: TierAt;
  };
  /** Everything between a member and the shop, the newest first */
  'GET /api/v1/members/{memberId}/timeline': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      /** some of sale,interaction,event,consent,tag,tier,points,coupon,contact; all without */
      readonly kinds?: string | undefined;
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: Timeline;
  };
  /** Changes of programme, tiers, coupons and other offers, or of rules and items, newest first */
  'GET /api/v1/offer-changes': {
    readonly path: never;
    readonly query: {
      readonly area: "loyalty" | "prices";
      /** `nextCursor` of the page before */
      readonly cursor?: number | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: OfferChanges;
  };
  /** Versions of coupons, benefits, points, tiers and other offers with who and when, newest first */
  'GET /api/v1/offer-versions': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
      readonly kind: "coupon_template" | "coupon_pack" | "benefit" | "stored_value" | "referral" | "programme" | "tiers" | "tier_rule" | "draw";
      /** left out: of all offers of the kind */
      readonly offerId?: string | undefined;
    };
    readonly body: never;
    readonly answer: OfferVersions;
  };
  /** Orders, newest first */
  'GET /api/v1/orders': {
    readonly path: never;
    readonly query: {
      /** web, tmall, erp-wholesale … */
      readonly channel?: string | undefined;
      readonly status?: string | undefined;
      readonly storeId?: string | undefined;
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: OrderList;
  };
  /** An order with its history and what came back of it */
  'GET /api/v1/orders/{channel}/{externalId}': {
    readonly path: {
      /** web, tmall, erp-wholesale … */
      readonly channel: string;
      /** what the other system calls it; with the channel it is known for good */
      readonly externalId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: OrderDetail;
  };
  /** The points programme that the tills go by */
  'GET /api/v1/programme': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: CurrentProgramme;
  };
  /** Programmes that were published, newest first */
  'GET /api/v1/programme/versions': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: Versions;
  };
  /** Entries set aside, open ones first, then the newest */
  'GET /api/v1/quarantine': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
      readonly tillId?: string | undefined;
      readonly open?: "true" | "false" | undefined;
    };
    readonly body: never;
    readonly answer: QuarantineList;
  };
  /** One entry that was set aside */
  'GET /api/v1/quarantine/{id}': {
    readonly path: {
      readonly id: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: {
      readonly id: string;
      readonly tillId: string;
      readonly journalId: string;
      readonly seq: number;
      /** why it could not be used */
      readonly reason: string;
      readonly atMs: number;
      /** the entry, byte for byte */
      readonly text: string;
      readonly tries: number;
      readonly closedAtMs: number | null;
      readonly closedAs: "retried" | "dismissed" | null;
      readonly closedWhy: string | null;
    };
  };
  /** What a referral gives now; null: nothing yet */
  'GET /api/v1/referral-terms': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: CurrentReferralTerms;
  };
  /** How members buy: cycle, frequency, unit price, repeat rate, brands, categories */
  'GET /api/v1/reports/behaviour': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly from: string;
      /** YYYY-MM-DD */
      readonly to: string;
    };
    readonly body: never;
    readonly answer: Behaviour;
  };
  /** Sales of a period by place, time, goods, people, payment or promotion */
  'GET /api/v1/reports/breakdown': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** of the store */
      readonly region?: string | undefined;
      readonly currency?: string | undefined;
      readonly from: string;
      readonly to: string;
      readonly kind?: "sale" | "refund" | "exchange" | undefined;
      readonly memberId?: string | undefined;
      readonly buyer?: "member" | "anonymous" | undefined;
      /** of orders; `till`: sold at tills */
      readonly channel?: string | undefined;
      readonly tillId?: string | undefined;
      readonly cashierId?: string | undefined;
      /** of the store's own clock */
      readonly hour?: number | undefined;
      /** 1 = Monday */
      readonly weekday?: number | undefined;
      readonly sku?: string | undefined;
      readonly category?: string | undefined;
      readonly brand?: string | undefined;
      readonly tender?: "cash" | "card" | "wallet" | "points" | "stored_value" | "gift_card" | "voucher" | undefined;
      /** a promotion, tier or coupon rule that took something off */
      readonly ruleId?: string | undefined;
      readonly by: "store" | "region" | "day" | "week" | "month" | "weekday" | "hour" | "item" | "category" | "brand" | "cashier" | "till" | "channel" | "buyer" | "tier" | "kind" | "tender" | "promotion";
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: Breakdown;
  };
  /** Buyers of a period: new, loyal or irregular */
  'GET /api/v1/reports/buyers': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly from: string;
      /** YYYY-MM-DD */
      readonly to: string;
    };
    readonly body: never;
    readonly answer: BuyerSplit;
  };
  /** Key figures of a period */
  'GET /api/v1/reports/kpis': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly from: string;
      /** YYYY-MM-DD */
      readonly to: string;
    };
    readonly body: never;
    readonly answer: Kpis;
  };
  /** Points, stored value and gift cards that are out, what ends when, and how coupons were used */
  'GET /api/v1/reports/liability': {
    readonly path: never;
    readonly query: {
      /** business date */
      readonly asOf?: string | undefined;
    };
    readonly body: never;
    readonly answer: Liability;
  };
  /** Where buyers stood on one day, and where they stand on another */
  'GET /api/v1/reports/lifecycle-flow': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly asOf?: string | undefined;
      /** home: buyers at home there, with all they bought; store: what was bought in storeId, by anybody */
      readonly basis?: "home" | "store" | undefined;
      /** the earlier day */
      readonly before: string;
    };
    readonly body: never;
    readonly answer: LifecycleFlow;
  };
  /** Share of the trade that the best members bring */
  'GET /api/v1/reports/pareto': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly asOf?: string | undefined;
      /** home: buyers at home there, with all they bought; store: what was bought in storeId, by anybody */
      readonly basis?: "home" | "store" | undefined;
      /** parts in basis points, separated by commas */
      readonly topBp?: string | undefined;
    };
    readonly body: never;
    readonly answer: Pareto;
  };
  /** Members by what they bring less what they cost */
  'GET /api/v1/reports/profit': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly asOf?: string | undefined;
      /** home: buyers at home there, with all they bought; store: what was bought in storeId, by anybody */
      readonly basis?: "home" | "store" | undefined;
      readonly marginBp?: number | undefined;
      readonly worst?: string | undefined;
      readonly limit?: number | undefined;
      readonly offset?: number | undefined;
    };
    readonly body: never;
    readonly answer: ProfitReport;
  };
  /** Sales = anonymous + new + 2nd + …, and = tickets x attach rate x unit price, to the cent */
  'GET /api/v1/reports/sales-equation': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly from: string;
      /** YYYY-MM-DD */
      readonly to: string;
      readonly visitsMax?: number | undefined;
    };
    readonly body: never;
    readonly answer: SalesEquation;
  };
  /** Customers by a dimension, against the ones that are wanted */
  'GET /api/v1/reports/structure': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly asOf?: string | undefined;
      /** gender, age, residence, tier, store, region or field:ID */
      readonly dimension: string;
      readonly population?: "members" | "buyers" | undefined;
    };
    readonly body: never;
    readonly answer: Structure;
  };
  /** When members are forgotten by themselves */
  'GET /api/v1/retention-rules': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: RetentionRules;
  };
  /** How many members a rule would forget today; nobody is */
  'GET /api/v1/retention-rules/preview': {
    readonly path: never;
    readonly query: {
      readonly afterMonths: number;
      readonly who: "any" | "no_consent";
    };
    readonly body: never;
    readonly answer: RetentionPreview;
  };
  /** Buyers by recency and frequency: 16 cells, each buyer in one */
  'GET /api/v1/rfm/grid': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly asOf?: string | undefined;
      /** home: buyers at home there, with all they bought; store: what was bought in storeId, by anybody */
      readonly basis?: "home" | "store" | undefined;
      readonly split?: "none" | "store" | "region" | undefined;
    };
    readonly body: never;
    readonly answer: RfmGrid;
  };
  /** Buyers with scores, cell, cycle and risk, page by page */
  'GET /api/v1/rfm/members': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** a store's region; empty: stores without one */
      readonly region?: string | undefined;
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly asOf?: string | undefined;
      /** home: buyers at home there, with all they bought; store: what was bought in storeId, by anybody */
      readonly basis?: "home" | "store" | undefined;
      readonly bins?: number | undefined;
      readonly only?: "all" | "at_risk" | "sleeping" | undefined;
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: ScoreList;
  };
  /** One buyer as of any day */
  'GET /api/v1/rfm/members/{memberId}': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: {
      /** needed where a chain sells in several */
      readonly currency?: string | undefined;
      /** YYYY-MM-DD */
      readonly asOf?: string | undefined;
      readonly bins?: number | undefined;
    };
    readonly body: never;
    readonly answer: ScoredMember;
  };
  /** What is done for the members of each cell */
  'GET /api/v1/rfm/strategies': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: CellStrategyList;
  };
  /** Thresholds of the R x F grid */
  'GET /api/v1/rfm/thresholds': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: RfmThresholds;
  };
  /** The rights that there are, and those of each role */
  'GET /api/v1/rights': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: RightList;
  };
  /** Roles at the till that HQ made */
  'GET /api/v1/roles': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: {
      readonly roles: readonly Role[];
    };
  };
  /** The promotion rules that the tills price by */
  'GET /api/v1/rules': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: CurrentRules;
  };
  /** The rule set that each till sold by last */
  'GET /api/v1/rules/rollout': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: RuleRollout;
  };
  /** Rule sets that were published, newest first */
  'GET /api/v1/rules/versions': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: RuleVersions;
  };
  /** A rule set that was published */
  'GET /api/v1/rules/versions/{version}': {
    readonly path: {
      readonly version: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: RuleSet;
  };
  /** Sales, newest first */
  'GET /api/v1/sales': {
    readonly path: never;
    readonly query: {
      readonly storeId?: string | undefined;
      /** of the store */
      readonly region?: string | undefined;
      readonly currency?: string | undefined;
      /** business date */
      readonly businessDate?: string | undefined;
      /** business date */
      readonly from?: string | undefined;
      /** business date */
      readonly to?: string | undefined;
      readonly kind?: "sale" | "refund" | "exchange" | undefined;
      readonly memberId?: string | undefined;
      readonly buyer?: "member" | "anonymous" | undefined;
      readonly receiptNo?: string | undefined;
      /** of orders; `till`: sold at tills */
      readonly channel?: string | undefined;
      readonly tillId?: string | undefined;
      readonly cashierId?: string | undefined;
      /** of the store's own clock */
      readonly hour?: number | undefined;
      /** 1 = Monday */
      readonly weekday?: number | undefined;
      readonly sku?: string | undefined;
      readonly category?: string | undefined;
      readonly brand?: string | undefined;
      readonly tender?: "cash" | "card" | "wallet" | "points" | "stored_value" | "gift_card" | "voucher" | undefined;
      /** a promotion, tier or coupon rule that took something off */
      readonly ruleId?: string | undefined;
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: SaleList;
  };
  /** One sale down to its receipt and its place in the chain */
  'GET /api/v1/sales/{saleId}': {
    readonly path: {
      readonly saleId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: SaleDetail;
  };
  /** Saved segments */
  'GET /api/v1/segments': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: SegmentList;
  };
  /** The conditions that a rule may hold */
  'GET /api/v1/segments/sources': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: SegmentSources;
  };
  /** One segment */
  'GET /api/v1/segments/{segmentId}': {
    readonly path: {
      readonly segmentId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Segment;
  };
  /** Its members, page by page */
  'GET /api/v1/segments/{segmentId}/members': {
    readonly path: {
      readonly segmentId: string;
    };
    readonly query: {
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: SegmentPage;
  };
  /** How many of its members another segment has too */
  'GET /api/v1/segments/{segmentId}/overlap': {
    readonly path: {
      readonly segmentId: string;
    };
    readonly query: {
      /** the other segment */
      readonly with: string;
    };
    readonly body: never;
    readonly answer: SegmentOverlap;
  };
  /** Why a member is in or out, node by node */
  'GET /api/v1/segments/{segmentId}/reasons': {
    readonly path: {
      readonly segmentId: string;
    };
    readonly query: {
      readonly memberId: string;
    };
    readonly body: never;
    readonly answer: SegmentReason;
  };
  /** Its size over time */
  'GET /api/v1/segments/{segmentId}/sizes': {
    readonly path: {
      readonly segmentId: string;
    };
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: SegmentSizes;
  };
  /** Who asks, and what they may */
  'GET /api/v1/session': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: SessionState;
  };
  /** My open sessions */
  'GET /api/v1/session/all': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: OpenSessions;
  };
  /** Closed shifts, newest first */
  'GET /api/v1/shifts': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
      readonly storeId?: string | undefined;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
    };
    readonly body: never;
    readonly answer: ShiftZList;
  };
  /** Who may sign on at the tills */
  'GET /api/v1/staff': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: StaffList;
  };
  /** Limits of stored value and gift cards */
  'GET /api/v1/stored-value/policy': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: StoredValuePolicy;
  };
  /** All stores */
  'GET /api/v1/stores': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: StoreList;
  };
  /** One store with its settings */
  'GET /api/v1/stores/{storeId}': {
    readonly path: {
      readonly storeId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Store;
  };
  /** What sets tags by itself */
  'GET /api/v1/tag-rules': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: TagRuleList;
  };
  /** One tag rule */
  'GET /api/v1/tag-rules/{ruleId}': {
    readonly path: {
      readonly ruleId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: TagRule;
  };
  /** Tags in use, with their members */
  'GET /api/v1/tags': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: TagList;
  };
  /** Versions of the tier rule by date */
  'GET /api/v1/tier-rules': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: TierRules;
  };
  /** Tiers by rank */
  'GET /api/v1/tiers': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: TierList;
  };
  /** What is wrong with tills, or with HQ: open ones first */
  'GET /api/v1/till-alerts': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
      readonly tillId?: string | undefined;
      readonly open?: "true" | "false" | undefined;
    };
    readonly body: never;
    readonly answer: TillAlertList;
  };
  /** All tills */
  'GET /api/v1/tills': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: TillList;
  };
  /** The till's journal as far as HQ vouches for it: what `counterfoil verify --head` takes */
  'GET /api/v1/tills/{tillId}/head': {
    readonly path: {
      readonly tillId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: TillHead;
  };
  /** API tokens, oldest first */
  'GET /api/v1/tokens': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: TokenList;
  };
  /** Users of the console, by login */
  'GET /api/v1/users': {
    readonly path: never;
    readonly query: {
      /** `nextCursor` of the page before */
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: UserList;
  };
  /** One user */
  'GET /api/v1/users/{userId}': {
    readonly path: {
      readonly userId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: User;
  };
  /** Webhooks, and what there is to hear of */
  'GET /api/v1/webhooks': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: WebhookList;
  };
  /** One webhook */
  'GET /api/v1/webhooks/{webhookId}': {
    readonly path: {
      readonly webhookId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Webhook;
  };
  /** What was sent, newest first, with every try */
  'GET /api/v1/webhooks/{webhookId}/deliveries': {
    readonly path: {
      readonly webhookId: string;
    };
    readonly query: {
      readonly state?: "waiting" | "delivered" | "dead" | undefined;
      readonly cursor?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly body: never;
    readonly answer: WebhookDeliveryList;
  };
  /** Set custom fields of many members: all or, at the first fault, none */
  'PATCH /api/v1/member-fields': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly rows: readonly ({
        readonly memberId: string;
        /** by field id; null takes the value away, a field that is not named stays as it is */
        readonly values: { readonly [name: string]: unknown };
      })[];
    };
    readonly answer: Applied;
  };
  /** Change fields of a profile; with If-Match only if nobody changed it since it was read (412) */
  'PATCH /api/v1/members/{memberId}': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: MemberPatchInput;
    readonly answer: MemberPatched;
  };
  /** Set or take away custom fields of a member; `applied` is how many changed */
  'PATCH /api/v1/members/{memberId}/fields': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      /** by field id; null takes the value away, a field that is not named stays as it is */
      readonly values: { readonly [name: string]: unknown };
    };
    readonly answer: Applied;
  };
  /** What a benefit would have given on past days, and what that may cost; nothing is changed */
  'POST /api/v1/benefits/preview': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the last day that is looked at */
      readonly businessDate: string;
      /** so many days that end with it */
      readonly days?: number | undefined;
      readonly benefit: BenefitInput;
    };
    readonly answer: BenefitPreview;
  };
  /** What a template would have cost on past sales, and what codes of it may cost; nothing is changed */
  'POST /api/v1/coupon-templates/preview': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the last day that is looked at */
      readonly businessDate: string;
      /** so many days that end with it */
      readonly days?: number | undefined;
      readonly template: CouponTemplateInput;
      /** an issue of so many codes */
      readonly codes?: number | undefined;
    };
    readonly answer: CouponPreview;
  };
  /** No till takes its codes any more */
  'POST /api/v1/coupon-templates/{templateId}/end': {
    readonly path: {
      readonly templateId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Issue codes to members, such as those of a segment */
  'POST /api/v1/coupon-templates/{templateId}/issues': {
    readonly path: {
      readonly templateId: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly memberIds: readonly string[];
      readonly each?: number | undefined;
      /** business date */
      readonly on?: string | undefined;
    };
    readonly answer: CouponIssue;
  };
  /** Takes an issue back: its codes that were not used are worth nothing */
  'POST /api/v1/coupon-templates/{templateId}/issues/{key}/cancel': {
    readonly path: {
      readonly templateId: string;
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: CouponIssueTakenBack;
  };
  /** A code that was not used is worth nothing */
  'POST /api/v1/coupons/{code}/cancel': {
    readonly path: {
      readonly code: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Make a custom field: from now on members may have it and segments may ask for it */
  'POST /api/v1/custom-fields/{fieldId}': {
    readonly path: {
      readonly fieldId: string;
    };
    readonly query: never;
    readonly body: CustomFieldDraftInput;
    readonly answer: CustomField;
  };
  /** Open a lucky draw; its seed is promised */
  'POST /api/v1/draws': {
    readonly path: never;
    readonly query: never;
    readonly body: DrawInput;
    readonly answer: DrawPage;
  };
  /** What the prizes of a draw may cost, beside the sales of a day; nothing is opened */
  'POST /api/v1/draws/preview': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the day whose sales it is held against */
      readonly businessDate: string;
      readonly draw: DrawInput;
    };
    readonly answer: DrawPreview;
  };
  /** Draws once, gives the prizes, shows the seed */
  'POST /api/v1/draws/{drawId}/draw': {
    readonly path: {
      readonly drawId: string;
    };
    readonly query: never;
    readonly body: {
      readonly on: string;
    };
    readonly answer: DrawPage;
  };
  /** Tickets for a member */
  'POST /api/v1/draws/{drawId}/tickets': {
    readonly path: {
      readonly drawId: string;
    };
    readonly query: never;
    readonly body: {
      readonly key: string;
      readonly memberId: string;
      readonly count?: number | undefined;
    };
    readonly answer: DrawTickets;
  };
  /** A till enrols with its code and public key */
  'POST /api/v1/enrol': {
    readonly path: never;
    readonly query: never;
    readonly body: EnrolRequestInput;
    readonly answer: Enrolment;
  };
  /** What members and visitors did on the web; each event id counts once */
  'POST /api/v1/events': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly events: readonly ({
        /** of the sender: said again, the event is known */
        readonly eventId: string;
        /** browse, cart, click, search, visit, rating … */
        readonly kind: string;
        /** what it is about: a SKU, a page, a theme */
        readonly subject: string;
        readonly atMs: number;
        readonly memberId?: string | null | undefined;
        /** the browser or app */
        readonly visitorId?: string | null | undefined;
        readonly data?: { readonly [name: string]: unknown } | undefined;
      })[];
    };
    readonly answer: EventsTaken;
  };
  /** Issue a gift card; its code is shown once */
  'POST /api/v1/gift-cards': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly amountMinor: number;
      readonly currency: string;
      /** a card in a name */
      readonly memberId?: string | undefined;
      /** asked for from `registerFromMinor` on */
      readonly buyer?: {
        readonly name: string;
        readonly document: string;
      } | undefined;
      /** business date */
      readonly on?: string | undefined;
    };
    readonly answer: IssuedGiftCard;
  };
  /** Reported lost */
  'POST /api/v1/gift-cards/{card}/block': {
    readonly path: {
      readonly card: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: GiftCard;
  };
  /** Who bought a gift card that the policy registers: for whom the law allows to ask */
  'POST /api/v1/gift-cards/{card}/buyer': {
    readonly path: {
      readonly card: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: GiftCardBuyer;
  };
  /** A new code; the old one is worth nothing from now on */
  'POST /api/v1/gift-cards/{card}/replacement': {
    readonly path: {
      readonly card: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
    };
    readonly answer: IssuedGiftCard;
  };
  /** What was spent of a gift card comes back to it */
  'POST /api/v1/gift-cards/{card}/returns': {
    readonly path: {
      readonly card: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
      /** the key of the spend */
      readonly ofKey: string;
    };
    readonly answer: GiftCard;
  };
  /** Spend of a gift card */
  'POST /api/v1/gift-cards/{card}/spends': {
    readonly path: {
      readonly card: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
    };
    readonly answer: GiftCard;
  };
  /** Top up a gift card */
  'POST /api/v1/gift-cards/{card}/top-ups': {
    readonly path: {
      readonly card: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
    };
    readonly answer: GiftCard;
  };
  /** Import members from a CSV or Excel file (the body), by default as a dry run; the answer is a run to look at */
  'POST /api/v1/imports': {
    readonly path: never;
    readonly query: {
      /** of a CSV file; found out without */
      readonly encoding?: "utf-8" | "utf-16le" | "utf-16be" | "gb18030" | "big5" | undefined;
      /** of a workbook; the first without */
      readonly sheet?: string | undefined;
      /** true: tells what would be done, and does nothing */
      readonly dryRun?: string | undefined;
      readonly fileName?: string | undefined;
      /** JSON: column to target or null, on top of what the headers say: {"鞋码": "field:shoe", "短信": "consent:marketing:sms"}. A consent is `yes 2026-03-01 v2`: word, day, version of the text; day and text may stand in columns consentAt and consentText */
      readonly mapping?: string | undefined;
    };
    readonly body: Blob;
    readonly answer: ImportRun;
  };
  /** What a file of members is, and what its columns seem to mean; the file is the body */
  'POST /api/v1/imports/preview': {
    readonly path: never;
    readonly query: {
      /** of a CSV file; found out without */
      readonly encoding?: "utf-8" | "utf-16le" | "utf-16be" | "gb18030" | "big5" | undefined;
      /** of a workbook; the first without */
      readonly sheet?: string | undefined;
    };
    readonly body: Blob;
    readonly answer: ImportPreview;
  };
  /** Calls, mails, chats, visits, service records, notes: all of them or none */
  'POST /api/v1/interactions': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly interactions: readonly ({
        readonly memberId: string;
        /** of the sender: said again, the record is known */
        readonly interactionId: string;
        readonly kind: "call" | "mail" | "chat" | "visit" | "service" | "note";
        /** in: the member came to the shop */
        readonly direction?: "in" | "out" | undefined;
        readonly storeId?: string | null | undefined;
        /** who spoke for the shop; the caller without */
        readonly author?: string | undefined;
        readonly subject?: string | undefined;
        readonly text?: string | undefined;
        readonly outcome?: string | undefined;
        /** now without */
        readonly atMs?: number | undefined;
      })[];
    };
    readonly answer: InteractionsTaken;
  };
  /** Lots whose last good day is over are gone */
  'POST /api/v1/jobs/expire-points': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the business date that begins */
      readonly asOf: string;
    };
    readonly answer: ExpiryDone;
  };
  /** Gives the benefits of a day, once a period */
  'POST /api/v1/jobs/give-benefits': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the business date that begins */
      readonly asOf: string;
    };
    readonly answer: BenefitsGiven;
  };
  /** Pays referrals whose return window is over */
  'POST /api/v1/jobs/pay-referrals': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the business date that begins */
      readonly asOf: string;
    };
    readonly answer: ReferralsPaid;
  };
  /** Folds every ledger again and compares */
  'POST /api/v1/jobs/prove-ledgers': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: LedgerProof;
  };
  /** Puts members on the tier of the day */
  'POST /api/v1/jobs/review-tiers': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the business date that begins */
      readonly asOf: string;
    };
    readonly answer: TierReview;
  };
  /** Run a job now, in this process or another; its run is in the list */
  'POST /api/v1/jobs/{name}/run': {
    readonly path: {
      readonly name: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: JobAsked;
  };
  /** Does not wait for tills that cannot be reached: what they hold may be granted twice */
  'POST /api/v1/leases/settling/end': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly reason: string;
    };
    readonly answer: Applied;
  };
  /** Free what a lost till held. If it comes back with sales from it, they stand and HQ is told */
  'POST /api/v1/leases/{leaseId}/write-off': {
    readonly path: {
      readonly leaseId: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
    };
    readonly answer: WrittenOff;
  };
  /** Book marketing and service costs; one id once */
  'POST /api/v1/member-costs': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly costs: readonly ({
        readonly id: string;
        readonly memberId: string;
        readonly kind: "marketing" | "service";
        readonly currency: string;
        readonly amountMinor: number;
        /** YYYY-MM-DD */
        readonly on: string;
        readonly note?: string | undefined;
      })[];
    };
    readonly answer: Applied;
  };
  /** These are two people: do not offer them as one again */
  'POST /api/v1/member-duplicates/apart': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly oneId: string;
      readonly otherId: string;
    };
    readonly answer: Applied;
  };
  /** Members by phone, card, mail (exactly) and name (nearly) */
  'POST /api/v1/members/search': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly phone?: string | undefined;
      readonly card?: string | undefined;
      readonly mail?: string | undefined;
      /** two signs or more: 王芳, 小芳, wxf, 王x, the beginning of a Latin word */
      readonly name?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly answer: MemberSearch;
  };
  /** All that HQ knows of a member, as one document to hand over */
  'POST /api/v1/members/{memberId}/bundle': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: MemberBundle;
  };
  /** Add words on consents; the newest on a purpose and channel holds */
  'POST /api/v1/members/{memberId}/consents': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      readonly words: readonly ({
        /** your own id: said again under it, a word counts once */
        readonly entryId: string;
        readonly purpose: string;
        readonly channel: string;
        readonly granted: boolean;
        /** which text was shown */
        readonly textVersion: string;
        readonly atMs: number;
        readonly source?: string | undefined;
      })[];
    };
    readonly answer: MemberConsents;
  };
  /** Erase a member for good: who it was goes, what was sold stays without a name */
  'POST /api/v1/members/{memberId}/erase': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
      /** the member gives up stored value that is left */
      readonly giveUpValue?: boolean | undefined;
    };
    readonly answer: Erasure;
  };
  /** Give or take growth that no sale brought */
  'POST /api/v1/members/{memberId}/growth': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly id: string;
      readonly growth: number;
      /** business date */
      readonly on: string;
      readonly reason: string;
      readonly author?: string | undefined;
    };
    readonly answer: Applied;
  };
  /** This member is the same person as `intoId`, who takes all over */
  'POST /api/v1/members/{memberId}/merge': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
      readonly intoId: string;
    };
    readonly answer: MemberShown;
  };
  /** Give or take points by hand, with a reason */
  'POST /api/v1/members/{memberId}/points/corrections': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly points: number;
      readonly reason: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
      /** last good day; left out: as the programme says */
      readonly expiresOn?: string | null | undefined;
    };
    readonly answer: MemberBalance;
  };
  /** Points for a gift */
  'POST /api/v1/members/{memberId}/points/redemptions': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly points: number;
      readonly reason: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
    };
    readonly answer: MemberBalance;
  };
  /** The way out: principal is paid to the member, bonus lapses */
  'POST /api/v1/members/{memberId}/stored-value/pay-outs': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
    };
    readonly answer: MemberBalance;
  };
  /** What was spent comes back to the lots it came from */
  'POST /api/v1/members/{memberId}/stored-value/returns': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
      /** the key of the spend */
      readonly ofKey: string;
    };
    readonly answer: MemberBalance;
  };
  /** Spend stored value: principal before bonus */
  'POST /api/v1/members/{memberId}/stored-value/spends': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
    };
    readonly answer: MemberBalance;
  };
  /** Top up stored value */
  'POST /api/v1/members/{memberId}/stored-value/top-ups': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      /** the caller’s own id of this write: said again, it happens once */
      readonly key: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly author?: string | undefined;
      /** business date */
      readonly on?: string | undefined;
    };
    readonly answer: MemberBalance;
  };
  /** Take a merge back: this id is a member of its own again */
  'POST /api/v1/members/{memberId}/unmerge': {
    readonly path: {
      readonly memberId: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
    };
    readonly answer: MemberUnmerged;
  };
  /** An order of another channel becomes a sale; said again under its channel and externalId it is the same one */
  'POST /api/v1/orders': {
    readonly path: never;
    readonly query: never;
    readonly body: OrderDraftInput;
    readonly answer: OrderPlaced;
  };
  /** Up to 500 orders: those that are good are stored together, the others are named with what is wrong */
  'POST /api/v1/orders/bulk': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly orders: readonly OrderDraftInput[];
    };
    readonly answer: OrdersPlaced;
  };
  /** Goods of an order come back, at what was paid for them then */
  'POST /api/v1/orders/{channel}/{externalId}/refunds': {
    readonly path: {
      /** web, tmall, erp-wholesale … */
      readonly channel: string;
      /** what the other system calls it; with the channel it is known for good */
      readonly externalId: string;
    };
    readonly query: never;
    readonly body: OrderRefundInput;
    readonly answer: OrderPlaced;
  };
  /** A new status; it moves no money */
  'POST /api/v1/orders/{channel}/{externalId}/status': {
    readonly path: {
      /** web, tmall, erp-wholesale … */
      readonly channel: string;
      /** what the other system calls it; with the channel it is known for good */
      readonly externalId: string;
    };
    readonly query: never;
    readonly body: {
      /** the other system’s word: paid, shipped, delivered, cancelled … */
      readonly status: string;
      /** no personal data */
      readonly note?: string | undefined;
      readonly atMs?: number | undefined;
    };
    readonly answer: Applied;
  };
  /** What a programme that is not published would have given on the sales of a day */
  'POST /api/v1/programme/preview': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** business date */
      readonly businessDate: string;
      readonly programme: unknown;
    };
    readonly answer: ProgrammePreview;
  };
  /** It is not to be booked, for this reason */
  'POST /api/v1/quarantine/{id}/dismiss': {
    readonly path: {
      readonly id: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
    };
    readonly answer: Applied;
  };
  /** Try it again, after a fix: it becomes what it should have been, once */
  'POST /api/v1/quarantine/{id}/retry': {
    readonly path: {
      readonly id: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
    };
    readonly answer: QuarantineRetried;
  };
  /** A member brought a friend */
  'POST /api/v1/referrals': {
    readonly path: never;
    readonly query: never;
    readonly body: ReferralInput;
    readonly answer: Referral;
  };
  /** Do members who fit one rule show another more often than the rest? */
  'POST /api/v1/reports/correlation': {
    readonly path: never;
    readonly query: never;
    readonly body: CorrelationAskedInput;
    readonly answer: Correlation;
  };
  /** Add up every purchase again, compare with what is stored, and mend what differs */
  'POST /api/v1/rfm/prove': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: RollupProof;
  };
  /** Prices the sales of a day by a rule set that is not published; nothing is changed */
  'POST /api/v1/rules/preview': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly businessDate: string;
      /** a whole rule set, as for publishing */
      readonly rules: { readonly [name: string]: unknown };
    };
    readonly answer: RulePreview;
  };
  /** Save a segment */
  'POST /api/v1/segments': {
    readonly path: never;
    readonly query: never;
    readonly body: SegmentDraftInput;
    readonly answer: Segment;
  };
  /** How many members a rule picks, and some of them; nothing is saved */
  'POST /api/v1/segments/count': {
    readonly path: never;
    readonly query: never;
    readonly body: SegmentCountAskedInput;
    readonly answer: SegmentCount;
  };
  /** Count every segment and keep the sizes of today */
  'POST /api/v1/segments/refresh': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: SegmentRefresh;
  };
  /** Keep the members it has now for ever */
  'POST /api/v1/segments/{segmentId}/freeze': {
    readonly path: {
      readonly segmentId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Segment;
  };
  /** Sign in: sets the cookie of the session */
  'POST /api/v1/session': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly login: string;
      readonly password: string;
      /** of the authenticator app, or a recovery code; asked for by `code_needed` */
      readonly code?: string | undefined;
    };
    readonly answer: SessionState;
  };
  /** Ask for a second factor: it counts once a first code has proved it */
  'POST /api/v1/session/second-factor': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly password: string;
    };
    readonly answer: FactorSecret;
  };
  /** What other rules would have given on the top-ups of past days; nothing is changed */
  'POST /api/v1/stored-value/policy/preview': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the last day that is looked at */
      readonly businessDate: string;
      /** so many days that end with it */
      readonly days?: number | undefined;
      readonly policy: StoredValuePolicyInput;
    };
    readonly answer: PolicyPreview;
  };
  /** Somebody who was erased wants to join again: their phone or mail is taken again */
  'POST /api/v1/suppressions/lift': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly phone?: string | undefined;
      readonly mail?: string | undefined;
    };
    readonly answer: Applied;
  };
  /** Tag by an event at once, or by a saved segment each time tags are refreshed */
  'POST /api/v1/tag-rules': {
    readonly path: never;
    readonly query: never;
    readonly body: TagRuleDraftInput;
    readonly answer: TagRule;
  };
  /** Tag who is in the segments of tag rules now */
  'POST /api/v1/tag-rules/refresh': {
    readonly path: never;
    readonly query: never;
    readonly body: never;
    readonly answer: TagsRefreshed;
  };
  /** Set or take off a tag of many members: all or none */
  'POST /api/v1/tags': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly tag: string;
      /** false takes it off */
      readonly set: boolean;
      readonly memberIds: readonly string[];
      /** why, for whoever reads the timeline */
      readonly why?: string | undefined;
    };
    readonly answer: Applied;
  };
  /** Who would be on another tier by a rule that is not published, and what that costs; nothing is changed */
  'POST /api/v1/tier-rules/preview': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** the day whose sales are priced again */
      readonly businessDate: string;
      readonly rule: TierRuleInput;
    };
    readonly answer: TierRulePreview;
  };
  /** Prices the sales of a day by other tier discounts; nothing is changed */
  'POST /api/v1/tiers/preview': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly businessDate: string;
      /** the discounts that are tried; others stay as they were */
      readonly tiers: readonly ({
        readonly id: string;
        readonly discountBp: number;
      })[];
    };
    readonly answer: RulePreview;
  };
  /** Somebody has looked at it */
  'POST /api/v1/till-alerts/{alertId}/close': {
    readonly path: {
      readonly alertId: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
    };
    readonly answer: Applied;
  };
  /** Add a till and get its one-time enrolment code */
  'POST /api/v1/tills': {
    readonly path: never;
    readonly query: never;
    readonly body: NewTillInput;
    readonly answer: EnrolmentCode;
  };
  /** A fresh enrolment code; the old one ends */
  'POST /api/v1/tills/{tillId}/enrolment-codes': {
    readonly path: {
      readonly tillId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: EnrolmentCode;
  };
  /** Lets the disk of a till that was cut off or replaced push what it still has, for an hour */
  'POST /api/v1/tills/{tillId}/rescue-tickets': {
    readonly path: {
      readonly tillId: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
    };
    readonly answer: RescueTicket;
  };
  /** Two disks spoke as one till: says which journal goes on (the alert names both) */
  'POST /api/v1/tills/{tillId}/resume': {
    readonly path: {
      readonly tillId: string;
    };
    readonly query: never;
    readonly body: {
      readonly reason: string;
      readonly journalId: string;
    };
    readonly answer: Applied;
  };
  /** Cut a till off */
  'POST /api/v1/tills/{tillId}/revoke': {
    readonly path: {
      readonly tillId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Make an API token; its secret is shown once */
  'POST /api/v1/tokens': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly name: string;
      /** what it may do; no more than its maker */
      readonly rights: readonly ("sales.read" | "orders.write" | "stores.read" | "stores.write" | "catalog.read" | "catalog.write" | "promotions.read" | "promotions.write" | "programme.write" | "members.read" | "members.write" | "members.export" | "privacy.write" | "loyalty.read" | "loyalty.write" | "reports.read" | "reports.write" | "segments.read" | "segments.write" | "campaigns.read" | "campaigns.write" | "service.read" | "service.write" | "events.write" | "tills.read" | "tills.write" | "staff.read" | "staff.write" | "jobs.read" | "jobs.run" | "webhooks.read" | "webhooks.write" | "access.read" | "access.write" | "audit.read")[];
      /** the stores that this is for; null: the whole chain */
      readonly stores?: readonly string[] | null | undefined;
      /** it ends after so many days */
      readonly days?: number | undefined;
    };
    readonly answer: AddedToken;
  };
  /** Add a user */
  'POST /api/v1/users': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly login: string;
      readonly name: string;
      readonly role: "admin" | "marketing" | "service" | "finance" | "manager" | "auditor";
      /** the stores that this is for; null: the whole chain */
      readonly stores?: readonly string[] | null | undefined;
      /** left out: HQ makes one, shown once and good for one sign-in */
      readonly password?: string | undefined;
    };
    readonly answer: AddedUser;
  };
  /** A temporary password for who forgot theirs, shown once; all sessions end */
  'POST /api/v1/users/{userId}/password': {
    readonly path: {
      readonly userId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: AddedUser;
  };
  /** A member logged in there: what the visitor did is the member’s */
  'POST /api/v1/visitors/{visitorId}/join': {
    readonly path: {
      readonly visitorId: string;
    };
    readonly query: never;
    readonly body: {
      readonly memberId: string;
      /** of the login; now without */
      readonly atMs?: number | undefined;
    };
    readonly answer: VisitorJoined;
  };
  /** The member logged out there: what comes next is nobody’s */
  'POST /api/v1/visitors/{visitorId}/leave': {
    readonly path: {
      readonly visitorId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Have events sent to an address; the secret is shown this once */
  'POST /api/v1/webhooks': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      /** https, in the public internet */
      readonly url: string;
      /** `sale.booked`, all of a group `member.*`, or `*` */
      readonly kinds: readonly string[];
      /** events of these stores alone; those of no store always come */
      readonly storeIds?: readonly string[] | null | undefined;
      readonly note?: string | undefined;
      /** paused: events are not kept for it */
      readonly state?: "active" | "paused" | undefined;
    };
    readonly answer: WebhookSecret;
  };
  /** Send an event once more */
  'POST /api/v1/webhooks/{webhookId}/deliveries/{eventNo}/redeliver': {
    readonly path: {
      readonly webhookId: string;
      readonly eventNo: number;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Send it an event of no meaning */
  'POST /api/v1/webhooks/{webhookId}/ping': {
    readonly path: {
      readonly webhookId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** Try all that is dead once more */
  'POST /api/v1/webhooks/{webhookId}/redeliver-dead': {
    readonly path: {
      readonly webhookId: string;
    };
    readonly query: never;
    readonly body: never;
    readonly answer: Applied;
  };
  /** A new secret; the former one signs beside it for a while */
  'POST /api/v1/webhooks/{webhookId}/secret': {
    readonly path: {
      readonly webhookId: string;
    };
    readonly query: never;
    readonly body: {
      /** so long both secrets sign */
      readonly oldValidHours?: number | undefined;
    };
    readonly answer: WebhookSecret;
  };
  /** Add or change a benefit */
  'PUT /api/v1/benefits': {
    readonly path: never;
    readonly query: never;
    readonly body: BenefitInput;
    readonly answer: Applied;
  };
  /** Change the look */
  'PUT /api/v1/branding': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly name: string;
      /** white words must be readable on it */
      readonly colour: string;
      /** a PNG, base64, at most 32 KB */
      readonly markPng: string | null;
    };
    readonly answer: Branding;
  };
  /** An article whose buyer gets coupons */
  'PUT /api/v1/coupon-packs': {
    readonly path: never;
    readonly query: never;
    readonly body: CouponPackInput;
    readonly answer: Applied;
  };
  /** Add a template, or change one of which no code is out; the tills get its rule */
  'PUT /api/v1/coupon-templates': {
    readonly path: never;
    readonly query: never;
    readonly body: CouponTemplateInput;
    readonly answer: Applied;
  };
  /** Change a custom field, or retire it; its type stays */
  'PUT /api/v1/custom-fields/{fieldId}': {
    readonly path: {
      readonly fieldId: string;
    };
    readonly query: never;
    readonly body: CustomFieldChangeInput;
    readonly answer: CustomField;
  };
  /** Add or change items */
  'PUT /api/v1/items': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly items: readonly ItemInput[];
    };
    readonly answer: Applied;
  };
  /** Add or change one item */
  'PUT /api/v1/items/{sku}': {
    readonly path: {
      readonly sku: string;
    };
    readonly query: never;
    readonly body: ItemInput;
    readonly answer: Applied;
  };
  /** Add or change members */
  'PUT /api/v1/members': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly members: readonly MemberInput[];
    };
    readonly answer: Applied;
  };
  /** Set a tag by hand */
  'PUT /api/v1/members/{memberId}/tags/{tag}': {
    readonly path: {
      readonly memberId: string;
      readonly tag: string;
    };
    readonly query: never;
    readonly body: {
      /** why, for whoever reads the timeline */
      readonly why?: string | undefined;
    };
    readonly answer: Applied;
  };
  /** Publish a points programme */
  'PUT /api/v1/programme': {
    readonly path: never;
    readonly query: never;
    readonly body: ProgrammeInput;
    readonly answer: Applied;
  };
  /** What a referral gives, and when */
  'PUT /api/v1/referral-terms': {
    readonly path: never;
    readonly query: never;
    readonly body: ReferralTermsInput;
    readonly answer: Applied;
  };
  /** Set the wanted shares of a dimension; no parts takes the target away */
  'PUT /api/v1/reports/structure-targets': {
    readonly path: never;
    readonly query: never;
    readonly body: StructureTargetInput;
    readonly answer: Applied;
  };
  /** Add or change retention rules; a job applies the active ones each day */
  'PUT /api/v1/retention-rules': {
    readonly path: never;
    readonly query: never;
    readonly body: RetentionRulesInput;
    readonly answer: Applied;
  };
  /** Change what is done for cells */
  'PUT /api/v1/rfm/strategies': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly strategies: readonly CellStrategyInput[];
    };
    readonly answer: Applied;
  };
  /** Change the thresholds */
  'PUT /api/v1/rfm/thresholds': {
    readonly path: never;
    readonly query: never;
    readonly body: RfmThresholdsInput;
    readonly answer: RfmThresholds;
  };
  /** Add or change roles at the till */
  'PUT /api/v1/roles': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly roles: readonly RoleInput[];
    };
    readonly answer: Applied;
  };
  /** Publish a promotion rule set */
  'PUT /api/v1/rules': {
    readonly path: never;
    readonly query: never;
    readonly body: RuleSetInput;
    readonly answer: Applied;
  };
  /** Change a segment that nobody else changed since it was read */
  'PUT /api/v1/segments/{segmentId}': {
    readonly path: {
      readonly segmentId: string;
    };
    readonly query: never;
    readonly body: SegmentChangeInput;
    readonly answer: Segment;
  };
  /** Choose another password; all other sessions end */
  'PUT /api/v1/session/password': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly old: string;
      readonly password: string;
    };
    readonly answer: Ended;
  };
  /** Prove the second factor with its first code; get the recovery codes */
  'PUT /api/v1/session/second-factor': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly code: string;
    };
    readonly answer: RecoveryCodes;
  };
  /** Add or change staff */
  'PUT /api/v1/staff': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly staff: readonly StaffInputInput[];
    };
    readonly answer: Applied;
  };
  /** Publish limits of stored value */
  'PUT /api/v1/stored-value/policy': {
    readonly path: never;
    readonly query: never;
    readonly body: StoredValuePolicyInput;
    readonly answer: Applied;
  };
  /** Add or change stores */
  'PUT /api/v1/stores': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly stores: readonly StoreInput[];
    };
    readonly answer: Applied;
  };
  /** Add or change one store */
  'PUT /api/v1/stores/{storeId}': {
    readonly path: {
      readonly storeId: string;
    };
    readonly query: never;
    readonly body: StoreInput;
    readonly answer: Applied;
  };
  /** Change a tag rule that nobody else changed since it was read */
  'PUT /api/v1/tag-rules/{ruleId}': {
    readonly path: {
      readonly ruleId: string;
    };
    readonly query: never;
    readonly body: TagRuleChangeInput;
    readonly answer: TagRule;
  };
  /** Publish a version of the tier rule */
  'PUT /api/v1/tier-rules': {
    readonly path: never;
    readonly query: never;
    readonly body: TierRuleInput;
    readonly answer: Applied;
  };
  /** Add or change tiers */
  'PUT /api/v1/tiers': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly tiers: readonly TierInput[];
    };
    readonly answer: Applied;
  };
  /** People counted at the doors, by store and day */
  'PUT /api/v1/traffic': {
    readonly path: never;
    readonly query: never;
    readonly body: {
      readonly days: readonly ({
        readonly storeId: string;
        /** YYYY-MM-DD */
        readonly businessDate: string;
        readonly visitors: number;
      })[];
    };
    readonly answer: Applied;
  };
  /** Change name, role or stores of a user, or take the access away */
  'PUT /api/v1/users/{userId}': {
    readonly path: {
      readonly userId: string;
    };
    readonly query: never;
    readonly body: {
      readonly name: string;
      readonly role: "admin" | "marketing" | "service" | "finance" | "manager" | "auditor";
      /** the stores that this is for; null: the whole chain */
      readonly stores: readonly string[] | null;
      readonly disabled: boolean;
    };
    readonly answer: User;
  };
  /** Change, pause or take up again a webhook that nobody else changed since it was read */
  'PUT /api/v1/webhooks/{webhookId}': {
    readonly path: {
      readonly webhookId: string;
    };
    readonly query: never;
    readonly body: {
      /** https, in the public internet */
      readonly url: string;
      /** `sale.booked`, all of a group `member.*`, or `*` */
      readonly kinds: readonly string[];
      /** events of these stores alone; those of no store always come */
      readonly storeIds?: readonly string[] | null | undefined;
      readonly note?: string | undefined;
      /** paused: events are not kept for it */
      readonly state?: "active" | "paused" | undefined;
      /** the one that was read; instead of If-Match */
      readonly revision?: number | undefined;
    };
    readonly answer: Webhook;
  };
}
