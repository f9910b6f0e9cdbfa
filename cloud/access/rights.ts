/**
 * Rights: what somebody may do at HQ, which roles hold them, and what a route declares.
 *
 * A right is `area.verb`; `read` changes nothing, nor does `export`, which takes all of it away in a file: that is a right of
 * its own, and the audit log tells who did. Each route under `/api/` names one right, and how far it reaches:
 *
 * - `rows`: it reads. A store manager gets it too, and SQL shows the rows of the manager's stores alone (`scoped-db`);
 * - `chain`: it is about the whole chain. A store manager is refused;
 * - a function: it writes for the stores that the request names. A store manager is refused where one is not theirs.
 */

export const RIGHTS = [
  'sales.read',
  'orders.write',
  'stores.read',
  'stores.write',
  'catalog.read',
  'catalog.write',
  'promotions.read',
  'promotions.write',
  'programme.write',
  'members.read',
  'members.write',
  'members.export',
  'privacy.write',
  'loyalty.read',
  'loyalty.write',
  'reports.read',
  'reports.write',
  'segments.read',
  'segments.write',
  'campaigns.read',
  'campaigns.write',
  'service.read',
  'service.write',
  'events.write',
  'tills.read',
  'tills.write',
  'staff.read',
  'staff.write',
  'jobs.read',
  'jobs.run',
  'webhooks.read',
  'webhooks.write',
  'access.read',
  'access.write',
  'audit.read',
] as const;
export type Right = (typeof RIGHTS)[number];

export const CONSOLE_ROLES = ['admin', 'marketing', 'service', 'finance', 'manager', 'auditor'] as const;
export type ConsoleRole = (typeof CONSOLE_ROLES)[number];

const everyRead = RIGHTS.filter((right) => right.endsWith('.read'));
const shopRead: readonly Right[] = [
  ...([
    'sales.read',
    'stores.read',
    'catalog.read',
    'promotions.read',
    'members.read',
    'loyalty.read',
  ] as const),
  ...(['reports.read', 'segments.read', 'campaigns.read', 'service.read'] as const),
];

/** An admin may all; an auditor reads all and changes nothing; a manager acts for the own stores. */
export const RIGHTS_OF: Readonly<Record<ConsoleRole, ReadonlySet<Right>>> = {
  admin: new Set(RIGHTS),
  marketing: new Set<Right>([
    ...shopRead,
    ...(['promotions.write', 'members.write', 'segments.write', 'campaigns.write', 'reports.write'] as const),
    ...(['events.write', 'jobs.read'] as const),
  ]),
  service: new Set<Right>([
    ...([
      'sales.read',
      'stores.read',
      'catalog.read',
      'promotions.read',
      'members.read',
      'loyalty.read',
    ] as const),
    ...(['service.read', 'members.write', 'loyalty.write', 'service.write', 'tills.read'] as const),
  ]),
  // Figures, drawers and what is owed; of people nothing but their numbers.
  finance: new Set<Right>([
    ...(['sales.read', 'stores.read', 'catalog.read', 'promotions.read', 'loyalty.read'] as const),
    ...(['reports.read', 'tills.read', 'staff.read', 'jobs.read'] as const),
  ]),
  manager: new Set<Right>([
    ...shopRead,
    ...([
      'tills.read',
      'tills.write',
      'staff.read',
      'staff.write',
      'reports.write',
      'service.write',
    ] as const),
  ]),
  auditor: new Set<Right>(everyRead),
};

/** Stores by id; null: the whole chain. */
export type StoreScope = readonly string[] | null;

export function reads(right: Right): boolean {
  return right.endsWith('.read') || exports(right);
}

/** Whether personal data leaves HQ by it. */
export function exports(right: Right): boolean {
  return right.endsWith('.export');
}
