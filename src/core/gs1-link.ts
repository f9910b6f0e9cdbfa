/**
 * GS1 Digital Link: a web address that names an article, read into elements and written from them.
 *
 * Pure. `https://DOMAIN/[…]/01/GTIN/10/BATCH?17=DATE`: a key, its qualifiers in their order, then attributes in the query.
 * The domain may be anybody's; what the query holds beside identifiers is not ours and is passed over.
 * Source: GS1 Digital Link standard, URI syntax 1.6.
 */
import { checkValue, type Gs1Element, type PlacedElement } from './gs1.ts';
import type { Gs1Fault, Gs1What } from './gs1-fault.ts';
import { type AiEntry, aiEntry, unknownEntry } from './gs1-table.ts';
import { err, ok, type Result } from './result.ts';

export interface LinkOptions {
  /** GTINs of 8, 12 and 13 digits, as early Digital Links had them, are filled up with zeros. */
  readonly isShortGtinPermitted?: boolean;
  /** Attributes that are not in the table are taken as any text. */
  readonly isUnknownAttributePermitted?: boolean;
}

/** Whether a text is a web address at all, and so perhaps a Digital Link. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** Names that early Digital Links had for keys and qualifiers. */
const NAMES: Readonly<Record<string, string>> = {
  sscc: '00',
  gtin: '01',
  lot: '10',
  ser: '21',
  cpv: '22',
  gdti: '253',
  glnx: '254',
  gcn: '255',
  ginc: '401',
  gsin: '402',
  gln: '414',
  payto: '415',
  party: '417',
  grai: '8003',
  giai: '8004',
  itip: '8006',
  cpid: '8010',
  cpsn: '8011',
  gmn: '8013',
  gsrnp: '8017',
  gsrn: '8018',
  srin: '8019',
  refno: '8020',
};

/** Reads an address. Elements come in the order of the address, `at` is where each identifier stands in it. */
export function readLink(text: string, options: LinkOptions = {}): Result<PlacedElement[], Gs1Fault> {
  const strange = text.search(/[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/);
  if (strange >= 0) return fault('link_illegal_character', strange, 1);
  const scheme = /^https?:\/\//i.exec(text);
  if (scheme === null) return fault('link_scheme', 0, 0);
  const domainAt = scheme[0].length;
  const fragment = text.indexOf('#');
  const end = fragment < 0 ? text.length : fragment;
  const slash = text.indexOf('/', domainAt);
  if (slash < 0 || slash >= end) return fault('link_no_key', end, 0);
  if (!/^[A-Za-z0-9._~:@[\]-]+$/.test(text.slice(domainAt, slash))) {
    return fault('link_domain', domainAt, slash - domainAt);
  }
  const question = text.indexOf('?', slash);
  const pathEnd = question < 0 || question > end ? end : question;
  const path = readPath(text, slash, pathEnd, options);
  if (!path.ok) return path;
  if (pathEnd === end) return path;
  const query = readQuery(text, pathEnd + 1, end, path.value, options);
  return query.ok ? ok([...path.value, ...query.value]) : query;
}

interface Piece {
  readonly at: number;
  readonly text: string;
}

function piecesOf(text: string, from: number, to: number, separator: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = from; at <= to; ) {
    const next = text.indexOf(separator, at);
    const end = next < 0 || next > to ? to : next;
    pieces.push({ at, text: text.slice(at, end) });
    at = end + 1;
  }
  return pieces;
}

/** The key is the last one that a chain of identifiers and values leads back to: what is before it is the owner's own path. */
function readPath(
  text: string,
  from: number,
  to: number,
  options: LinkOptions,
): Result<PlacedElement[], Gs1Fault> {
  const pieces = piecesOf(text, from + 1, to, '/');
  const chain: { readonly entry: AiEntry; readonly name: Piece; readonly value: Piece }[] = [];
  for (let i = pieces.length - 2; i >= 0; i -= 2) {
    const [name, value] = [pieces[i]!, pieces[i + 1]!];
    const entry = aiEntry(NAMES[name.text.toLowerCase()] ?? name.text);
    if (entry === null) break;
    chain.unshift({ entry, name, value });
    if (entry.linkQualifiers !== null && fitsQualifiers(entry, chain)) break;
  }
  const [key] = chain;
  if (key === undefined || key.entry.linkQualifiers === null) return fault('link_no_key', from, to - from);
  if (!fitsQualifiers(key.entry, chain)) return fault('link_bad_path', key.name.at, to - key.name.at);
  const elements: PlacedElement[] = [];
  for (const { entry, name, value } of chain) {
    const element = readValue(entry, name.at, value, false, options);
    if (!element.ok) return element;
    elements.push(element.value);
  }
  return ok(elements);
}

function fitsQualifiers(key: AiEntry, chain: readonly { readonly entry: AiEntry }[]): boolean {
  const given = chain.slice(1).map(({ entry }) => entry.ai);
  return key.linkQualifiers!.some((sequence) => isInOrder(given, sequence));
}

/** Whether all of `given` stand in `sequence`, in its order. */
function isInOrder(given: readonly string[], sequence: readonly string[]): boolean {
  let at = 0;
  return given.every((ai) => {
    at = sequence.indexOf(ai, at) + 1;
    return at > 0;
  });
}

function readQuery(
  text: string,
  from: number,
  to: number,
  path: readonly PlacedElement[],
  options: LinkOptions,
): Result<PlacedElement[], Gs1Fault> {
  const elements: PlacedElement[] = [];
  for (const piece of piecesOf(text, from, to, '&')) {
    const equals = piece.text.indexOf('=');
    const ai = equals < 0 ? piece.text : piece.text.slice(0, equals);
    if (equals < 0 || !/^\d{2,4}$/.test(ai)) continue;
    const name = { at: piece.at, text: ai };
    const wrong = (what: Gs1What) => err({ what, at: name.at, length: ai.length, ai });
    const entry = aiEntry(ai) ?? (options.isUnknownAttributePermitted === true ? unknownEntry(ai) : null);
    if (entry === null) return wrong('unknown_ai');
    if (!entry.isLinkAttribute && aiEntry(ai) !== null) return wrong('link_not_an_attribute');
    if ([...path, ...elements].some((other) => other.ai === ai)) return wrong('link_repeated_ai');
    if (belongsInPath(ai, path)) return wrong('link_attribute_belongs_in_path');
    const value = { at: piece.at + equals + 1, text: piece.text.slice(equals + 1) };
    const element = readValue(entry, name.at, value, true, options);
    if (!element.ok) return element;
    elements.push(element.value);
  }
  return ok(elements);
}

/** Whether the path with this qualifier in its place would be a path still. */
function belongsInPath(ai: string, path: readonly Gs1Element[]): boolean {
  const given = path.slice(1).map((element) => element.ai);
  return aiEntry(path[0]!.ai)!.linkQualifiers!.some(
    (sequence) => sequence.includes(ai) && isInOrder(given, sequence),
  );
}

function readValue(
  entry: AiEntry,
  at: number,
  piece: Piece,
  isQuery: boolean,
  { isShortGtinPermitted = false }: LinkOptions,
): Result<PlacedElement, Gs1Fault> {
  const { ai } = entry;
  if (piece.text === '') return err({ what: 'link_empty_value', at: piece.at, length: 0, ai });
  const decoded = percentDecoded(piece.text, isQuery);
  const isShort = isShortGtinPermitted && ai === '01' && /^(?:\d{8}|\d{12,13})$/.test(decoded);
  const value = isShort ? decoded.padStart(14, '0') : decoded;
  const flaw = checkValue(entry, value);
  if (flaw === null) return ok({ ai, value, at });
  // Where characters are encoded the place inside the value would be a guess.
  const place = decoded === piece.text && !isShort ? flaw : { at: 0, length: piece.text.length };
  return err({ what: flaw.what, at: piece.at + place.at, length: place.length, ai });
}

/** Bytes that are no UTF-8 stay as characters of one byte each: no identifier allows them, so the checks refuse them. */
function percentDecoded(text: string, isQuery: boolean): string {
  const plain = isQuery ? text.replaceAll('+', ' ') : text;
  return plain.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

// ---- writing ----

/**
 * Writes elements as an address: the first key that they hold, its qualifiers, then attributes, those of known length first.
 *
 * @param stem  for example `https://id.gs1.org`, without a slash at its end
 */
export function linkOf(elements: readonly PlacedElement[], stem: string): Result<string, Gs1Fault> {
  const distinct = elements.filter(
    ({ ai }, index) => elements.findIndex((other) => other.ai === ai) === index,
  );
  const key = distinct.find(({ ai }) => (aiEntry(ai)?.linkQualifiers ?? null) !== null);
  if (key === undefined) return fault('link_no_key', 0, 0);
  const inPath = [key, ...qualifiersOf(key, distinct)];
  const rest = distinct.filter((element) => !inPath.includes(element));
  const alien = rest.find(({ ai }) => aiEntry(ai)?.isLinkAttribute !== true);
  if (alien !== undefined) {
    return err({ what: 'link_not_an_attribute', at: alien.at, length: alien.ai.length, ai: alien.ai });
  }
  const isFixed = ({ ai }: Gs1Element) => aiEntry(ai)!.isFixed;
  const attributes = [...rest.filter(isFixed), ...rest.filter((element) => !isFixed(element))];
  const path = inPath.map(({ ai, value }) => `/${ai}/${encodeURIComponent(value)}`).join('');
  const query = attributes.map(({ ai, value }) => `${ai}=${encodeURIComponent(value)}`).join('&');
  return ok(`${stem}${path}${query === '' ? '' : `?${query}`}`);
}

/** Of the sequences that a key may have, the one that takes most of the elements. */
function qualifiersOf(key: PlacedElement, elements: readonly PlacedElement[]): PlacedElement[] {
  const candidates = aiEntry(key.ai)!.linkQualifiers!.map((sequence) =>
    sequence.flatMap((ai) => elements.filter((element) => element.ai === ai)),
  );
  return candidates.reduce((best, candidate) => (candidate.length > best.length ? candidate : best));
}

function fault(what: Gs1What, at: number, length: number): { readonly ok: false; readonly error: Gs1Fault } {
  return err({ what, at, length });
}
