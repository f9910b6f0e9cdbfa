/**
 * Entries of the audit log put together: what was asked and what came of it are two entries of one request, and one line here.
 *
 * Pure.
 */
export interface AuditLine {
  readonly seq: number;
  readonly hash: string;
  readonly phase: 'asked' | 'done';
  readonly atMs: number;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly address: string;
  readonly requestId: string;
  readonly route: string;
  readonly params: unknown;
  readonly sent?: unknown;
  readonly status?: number;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditDeed {
  readonly key: string;
  readonly asked: AuditLine;
  /** Null: HQ fell in between. Undefined entries of another page of the log are not waited for. */
  readonly done: AuditLine | null;
}

/** @param lines  newest first, as HQ tells them. @returns newest first */
export function deedsOf(lines: readonly AuditLine[]): AuditDeed[] {
  const outcomes = new Map(
    lines.filter(({ phase }) => phase === 'done').map((line) => [keyOf(line), line] as const),
  );
  return lines
    .filter(({ phase }) => phase === 'asked')
    .map((asked) => ({ key: String(asked.seq), asked, done: outcomes.get(keyOf(asked)) ?? null }));
}

function keyOf({ requestId, route, actor }: AuditLine): string {
  return `${requestId} ${route} ${actor.id}`;
}

export interface Difference {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Fields that are not the same on both sides, by their whole path. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const [was, is] = [flat(before), flat(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => was.get(field) !== is.get(field))
    .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }));
}

function flat(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      const at = Array.isArray(value) ? `[${name}]` : path === '' ? name : `.${name}`;
      flat(inner, `${path}${at}`, into);
    }
    return into;
  }
  if (value !== undefined) into.set(path, String(value));
  return into;
}
