/**
 * Log lines of till and HQ: for people one line of text, for machines one line of JSON. Pure.
 *
 * The shipping code logs short sentences, `part: what happened`. `note:` is news, `warning:` is trouble that goes on working, the rest
 * is trouble that somebody should look at. No personal data is ever put into them; should a message of somebody else's program
 * (a database, a driver) quote a row, numbers as long as a phone's or a card's and mail addresses are cut out here.
 */

export type LogFormat = 'text' | 'json';

export interface LogFacts {
  readonly atMs: number;
  /** Who speaks: `hq`, or a till by its code. */
  readonly from: string;
  readonly text: string;
}

/** One line without its end: whatever the text holds, a reader that splits at line ends gets one record. */
export function logLine(format: LogFormat, { atMs, from, text }: LogFacts): string {
  const at = new Date(atMs).toISOString();
  const clean = withoutPersonal(text);
  if (format === 'text') return `${at} ${clean}`;
  const { level, part, message } = partsOf(clean);
  return JSON.stringify({ at, level, from, ...(part === null ? {} : { part }), message });
}

type Level = 'info' | 'warn' | 'error';
const LEVELS: Readonly<Record<string, Level>> = { note: 'info', warning: 'warn' };

function partsOf(text: string): { level: Level; part: string | null; message: string } {
  const [, head, rest] = /^([a-z][a-z0-9 _-]{0,60}): ([\s\S]*)$/i.exec(text) ?? [];
  if (head === undefined) return { level: 'error', part: null, message: text };
  const level = LEVELS[head];
  return level === undefined
    ? { level: 'error', part: head, message: rest! }
    : { level, part: null, message: rest! };
}

const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
/** Nine digits and more, also in groups as people write them, that are no part of an id: ids of ours are hex with dashes. */
const LONG_NUMBER = /(?<![0-9a-f-])(?:\+?\d(?: ?\d){8,18}|\d{3}-\d{4}-\d{4})(?![0-9a-f-])/gi;

/** @example withoutPersonal('Key (phone)=(13800138000) exists') // 'Key (phone)=([number]) exists' */
export function withoutPersonal(text: string): string {
  return text.replace(MAIL, '[mail]').replace(LONG_NUMBER, '[number]');
}
