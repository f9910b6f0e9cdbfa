/** Entries and their chain: one value is one text, and no change to the past goes unseen. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError, assert } from '../../src/core/assert.ts';
import {
  type ChainedEntry,
  canonicalJson,
  chainCode,
  checkLink,
  entryHash,
  fromHex,
  genesisHash,
  headStatement,
  parseEntry,
  toHex,
  verifyChain,
} from '../../src/core/entry.ts';
import { sha256 as tillSha256 } from '../../src/till/run.ts';
import { A_JOURNAL, aChain, anEntry, anId, chainOf, sha256 } from './builders.ts';

describe('canonicalJson', () => {
  test.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ a: { d: 1, c: [] }, B: null }, '{"B":null,"a":{"c":[],"d":1}}'],
    [{ 10: 'x', 9: 'y' }, '{"10":"x","9":"y"}'],
    [[3, 1, 2], '[3,1,2]'],
    [{ gone: undefined, here: true }, '{"here":true}'],
    [-0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['可乐 "330ml"\n', '"可乐 \\"330ml\\"\\n"'],
    ['\ud800', '"\\ud800"'],
    [{ ü: 1, z: 2 }, '{"z":2,"ü":1}'],
    [{}, '{}'],
  ])('%j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each([
    ['0.5', 0.5],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['2^53', 2 ** 53],
    ['a bigint', 1n],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a price of 1.99 deep inside', { lines: [{ price: 1.99 }] }],
    ['undefined in a list', [undefined]],
  ])('%s is refused: the caller has a bug', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(AssertionError);
  });

  const anyData = fc.letrec<{ data: unknown }>((tie) => ({
    data: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.maxSafeInteger(),
      fc.string(),
      fc.array(tie('data'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('data'), { maxKeys: 5, noNullPrototype: true }),
    ),
  })).data;

  test('reads back to the same value, and the order of fields changes nothing', () => {
    fc.assert(
      fc.property(anyData, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  // Few keys in any order, so that shapes come again; texts with escapes, pairs and halves of surrogates.
  const anyKey = fc.oneof(
    fc.constantFrom('a', 'b', 'kind', 'qty', '10', '9', '', 'ü', '"', '__proto__', 'constructor'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
    fc.constantFrom(
      '\u007f',
      '\u2028',
      '\ud800',
      '\udc00\ud800',
      '😀',
      '\ufeff',
      'a\u0000',
      '\u001f',
      '\\',
      '\n',
    ),
  );
  const anyRough = fc.letrec<{ data: unknown }>((tie) => ({
    data: fc.oneof(
      { maxDepth: 5 },
      { arbitrary: fc.constantFrom(null, true, false, 0, -0), weight: 20 },
      { arbitrary: fc.maxSafeInteger(), weight: 20 },
      { arbitrary: anyText, weight: 20 },
      { arbitrary: fc.constantFrom(0.5, 2 ** 53, undefined, 1n), weight: 1 },
      { arbitrary: fc.array(tie('data'), { maxLength: 5 }), weight: 20 },
      {
        arbitrary: fc.dictionary(anyKey, fc.option(tie('data'), { nil: undefined, freq: 8 }), { maxKeys: 8 }),
        weight: 30,
      },
    ),
  })).data;

  test('any value is the text that the plain way gives: keys sorted each time, JSON.stringify for strings', () => {
    fc.assert(
      fc.property(anyRough, (value) => {
        expect(outcome(() => canonicalJson(value))).toBe(outcome(() => plainCanonicalJson(value)));
      }),
      { numRuns: 20_000 },
    );
  });

  test('10,000 objects whose keys are data, and one of 5,000 keys, are written as the plain way does', () => {
    for (let i = 0; i < 10_000; i++) {
      const value = { [`k${i % 3_000}`]: i, [`a${i}`]: null, tail: { [`${i % 40}`]: 1, z: 2, b: 3 } };
      expect(canonicalJson(value)).toBe(plainCanonicalJson(value));
    }
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${(i * 7_919) % 5_000}`, i]));
    expect(canonicalJson(wide)).toBe(plainCanonicalJson(wide));
  });

  function outcome(make: () => string): string {
    try {
      return make();
    } catch (cause) {
      return String(cause);
    }
  }

  /** The first implementation, which is what all entries on disk were written with. */
  function plainCanonicalJson(value: unknown): string {
    if (value === null) return 'null';
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'boolean') return value ? 'true' : 'false';
    if (typeof value === 'number') {
      assert(Number.isSafeInteger(value), `an entry holds whole numbers, not ${value}`);
      return value === 0 ? '0' : String(value);
    }
    assert(typeof value === 'object', `an entry holds data, not a ${typeof value}`);
    if (Array.isArray(value)) return `[${value.map(plainCanonicalJson).join()}]`;
    const fields = value as Readonly<Record<string, unknown>>;
    let text = '{';
    for (const key of Object.keys(fields).sort()) {
      const field = fields[key];
      if (field === undefined) continue;
      text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${plainCanonicalJson(field)}`;
    }
    return `${text}}`;
  }

  function reversed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, field]) => [key, reversed(field)]),
    );
  }
});

describe('parseEntry', () => {
  const text = canonicalJson(anEntry(1));

  test('reads what canonicalJson wrote', () => {
    expect(parseEntry(text)).toEqual({ ok: true, value: anEntry(1) });
  });

  const without = (field: string) =>
    canonicalJson(Object.fromEntries(Object.entries(anEntry(1)).filter(([key]) => key !== field)));

  test.each<readonly [string, string, object]>([
    ['no JSON', '{', { kind: 'not_json' }],
    ['empty', '', { kind: 'not_json' }],
    ['a number', '1', { kind: 'not_json' }],
    ['null', 'null', { kind: 'not_json' }],
    ['white space', ` ${text}`, { kind: 'not_canonical' }],
    ['a field twice', text.replace('{', '{"atMs":1,'), { kind: 'not_canonical' }],
    ['a fraction', text.replace(/"atMs":\d+/, '"atMs":1.5'), { kind: 'not_canonical' }],
    ['1e3', text.replace(/"atMs":\d+/, '"atMs":1e3'), { kind: 'not_canonical' }],
    ['an escaped letter', text.replace('"C1"', '"\\u00431"'), { kind: 'not_canonical' }],
    ['version 2', text.replace('"v":1', '"v":2'), { kind: 'newer_version', v: 2 }],
    ['a version in words', text.replace('"v":1', '"v":"1"'), { kind: 'bad_field', field: 'v' }],
    ['a date in words', text.replace('2026-11-21"', 'Nov 21"'), { kind: 'bad_field', field: 'businessDate' }],
    ['body null', canonicalJson({ ...anEntry(1), body: null }), { kind: 'bad_field', field: 'body' }],
    ...[
      'v',
      'tillId',
      'journalId',
      'seq',
      'kind',
      'atMs',
      'hlc',
      'businessDate',
      'shiftId',
      'cashierId',
      'body',
    ].map((field) => [`no ${field}`, without(field), { kind: 'bad_field', field }] as const),
  ])('%s is refused', (_, changed, error) => {
    expect(parseEntry(changed)).toEqual({ ok: false, error });
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (any) => void parseEntry(any)));
  });
});

describe('the chain', () => {
  const verify = (entries: readonly ChainedEntry[], anchor: { seq: number; hash: string } | null = null) =>
    verifyChain(sha256, A_JOURNAL, entries, anchor);
  const chain = aChain(6);
  const head = { seq: 6, hash: chain[5]!.hash };
  /** The chain with entry `seq` changed; its stored hash too, where `rehash`. */
  const edited = (seq: number, change: (text: string) => string, rehash = false) =>
    chain.map((entry) => {
      if (entry.seq !== seq) return entry;
      const text = change(entry.text);
      const prev = seq === 1 ? genesisHash(sha256, A_JOURNAL.journalId) : chain[seq - 2]!.hash;
      return { ...entry, text, hash: rehash ? entryHash(sha256, prev, text) : entry.hash };
    });
  const cheaper = (text: string) => text.replace('"totalMinor":', '"totalMinor":1');

  test('of 6 entries holds, its head is entry 6, and an empty one holds with head 0', () => {
    expect(verify(chain)).toEqual({ ok: true, value: head });
    expect(verify(chain, head)).toEqual({ ok: true, value: head });
    expect(verify(chain, { seq: 3, hash: chain[2]!.hash })).toEqual({ ok: true, value: head });
    expect(verify([])).toEqual({
      ok: true,
      value: { seq: 0, hash: genesisHash(sha256, A_JOURNAL.journalId) },
    });
  });

  test.each([
    ['entry 4 edited', edited(4, cheaper), { kind: 'changed', seq: 4, what: 'hash' }],
    [
      'entry 4 edited, its hash made again',
      edited(4, cheaper, true),
      { kind: 'changed', seq: 5, what: 'hash' },
    ],
    [
      'the stored hash of 4 changed',
      chain.with(3, { ...chain[3]!, hash: 'a'.repeat(64) }),
      { kind: 'changed', seq: 4, what: 'hash' },
    ],
    ['entry 3 deleted', chain.toSpliced(2, 1), { kind: 'gap', seq: 3, found: 4 }],
    ['entry 1 deleted', chain.slice(1), { kind: 'gap', seq: 1, found: 2 }],
    [
      'entry 3 deleted, the rest counted again',
      chain.toSpliced(2, 1).map((entry, i) => ({ ...entry, seq: i + 1 })),
      { kind: 'changed', seq: 3, what: 'hash' },
    ],
    ['entry 3 twice', chain.toSpliced(3, 0, chain[2]!), { kind: 'order', seq: 4, found: 3 }],
    [
      'entries 2 and 3 changed over',
      [chain[0]!, chain[2]!, chain[1]!, ...chain.slice(3)],
      { kind: 'gap', seq: 2, found: 3 },
    ],
    [
      'texts of 2 and 3 changed over',
      chain.map((entry) => ({
        ...entry,
        text: chain[entry.seq === 2 ? 2 : entry.seq === 3 ? 1 : entry.seq - 1]!.text,
      })),
      { kind: 'changed', seq: 2, what: 'hash' },
    ],
    [
      'a forged entry put in, all hashes made again',
      chainOf([...chain.slice(0, 3), chain[1]!, ...chain.slice(3)].map((entry) => entry.text)),
      { kind: 'changed', seq: 4, what: 'seq' },
    ],
    [
      'an entry of another till',
      chainOf([chain[0]!.text, canonicalJson(anEntry(2, { tillId: anId(555) }))]),
      { kind: 'foreign', seq: 2, what: 'till' },
    ],
    [
      'an entry of another journal',
      chainOf([chain[0]!.text, canonicalJson(anEntry(2, { journalId: anId(555) }))]),
      { kind: 'foreign', seq: 2, what: 'journal' },
    ],
    [
      'an entry that is no JSON',
      chainOf([chain[0]!.text, 'sold']),
      { kind: 'changed', seq: 2, what: 'not_json' },
    ],
    [
      'the chain of another journal',
      chainOf(
        chain.map((entry) => entry.text),
        anId(555),
      ),
      { kind: 'changed', seq: 1, what: 'hash' },
    ],
  ])('%s is found', (_, entries, error) => {
    expect(verify(entries)).toEqual({ ok: false, error });
  });

  test('a cut tail shows against the anchor alone', () => {
    expect(verify(chain.slice(0, 4))).toMatchObject({ ok: true });
    expect(verify(chain.slice(0, 4), head)).toEqual({
      ok: false,
      error: { kind: 'truncated', seq: 4, anchorSeq: 6 },
    });
    expect(verify([], head)).toEqual({ ok: false, error: { kind: 'truncated', seq: 0, anchorSeq: 6 } });
  });

  test('the last entry edited with its hash made again shows against the anchor alone', () => {
    const forged = edited(6, cheaper, true);
    expect(verify(forged)).toMatchObject({ ok: true });
    expect(verify(forged, head)).toEqual({ ok: false, error: { kind: 'anchor', seq: 6 } });
  });

  test('all hashes made again after an edit show against any anchor behind it', () => {
    const forged = chainOf(chain.map((entry) => (entry.seq === 2 ? cheaper(entry.text) : entry.text)));
    expect(verify(forged)).toMatchObject({ ok: true });
    expect(verify(forged, { seq: 4, hash: chain[3]!.hash })).toEqual({
      ok: false,
      error: { kind: 'anchor', seq: 4 },
    });
  });

  test('a tail is walked from the head before it; an anchor at that head must be that head', () => {
    const start = { seq: 3, hash: chain[2]!.hash };
    const walk = (anchor: { seq: number; hash: string } | null) =>
      verifyChain(sha256, A_JOURNAL, chain.slice(3), anchor, start);
    expect(walk(null)).toEqual({ ok: true, value: head });
    expect(walk(start)).toEqual({ ok: true, value: head });
    expect(walk({ seq: 2, hash: chain[1]!.hash })).toEqual({ ok: true, value: head });
    expect(walk({ seq: 3, hash: 'a'.repeat(64) })).toEqual({ ok: false, error: { kind: 'anchor', seq: 3 } });
    expect(walk({ seq: 9, hash: 'a'.repeat(64) })).toMatchObject({ ok: false, error: { kind: 'truncated' } });
  });

  test('an entry of a newer version is chained by its bytes', () => {
    const newer = '{"v":2,"whatever":[1.5]}';
    expect(verify(chainOf([chain[0]!.text, newer]))).toMatchObject({ ok: true, value: { seq: 2 } });
    const changed = chainOf([chain[0]!.text, newer]).with(1, {
      ...chainOf([chain[0]!.text, newer])[1]!,
      text: '{"v":3}',
    });
    expect(verify(changed)).toMatchObject({ ok: false, error: { kind: 'changed', seq: 2 } });
  });

  test('a lone surrogate in place of U+FFFD has the same bytes and is found all the same', () => {
    const texts = [canonicalJson(anEntry(1, { cashierId: '\ufffd' }))];
    const [entry] = chainOf(texts);
    const forged = { ...entry!, text: entry!.text.replace('\ufffd', '\ud800') };
    expect(verify([forged])).toEqual({
      ok: false,
      error: { kind: 'changed', seq: 1, what: 'not_canonical' },
    });
  });

  test('any single character changed, dropped or put in anywhere is found where it happened', () => {
    const place = fc.record({ seq: fc.integer({ min: 1, max: 6 }), at: fc.nat(5_000), how: fc.nat(2) });
    fc.assert(
      fc.property(place, fc.string({ minLength: 1, maxLength: 1 }), ({ seq, at, how }, char) => {
        const { text } = chain[seq - 1]!;
        const i = at % text.length;
        const changed = text.slice(0, i) + (how === 1 ? '' : char) + text.slice(how === 2 ? i : i + 1);
        fc.pre(changed !== text);
        const found = verify(edited(seq, () => changed));
        expect(found).toMatchObject({ ok: false, error: { seq } });
      }),
      { numRuns: 1_000 },
    );
  });

  test('any single hex digit of any stored hash changed is found', () => {
    for (const entry of chain) {
      for (let i = 0; i < 64; i++) {
        const digit = entry.hash[i] === '0' ? '1' : '0';
        const hash = entry.hash.slice(0, i) + digit + entry.hash.slice(i + 1);
        expect(verify(chain.with(entry.seq - 1, { ...entry, hash })).ok).toBe(false);
      }
    }
  });

  test('checkLink takes the next entry alone', () => {
    const two = { seq: 2, hash: chain[1]!.hash };
    expect(checkLink(sha256, A_JOURNAL, two, chain[2]!)).toBeNull();
    expect(checkLink(sha256, A_JOURNAL, two, chain[3]!)).toEqual({ kind: 'gap', seq: 3, found: 4 });
    expect(checkLink(sha256, A_JOURNAL, two, chain[1]!)).toEqual({ kind: 'order', seq: 3, found: 2 });
  });
});

describe('hashes', () => {
  test('SHA-256 over the bytes of the hash before and the text: a fixed example', () => {
    const genesis = genesisHash(sha256, 'j1');
    expect(genesis).toBe(toHex(sha256(new TextEncoder().encode('counterfoil journal j1'))));
    const joined = new Uint8Array([...fromHex(genesis), ...new TextEncoder().encode('{"a":1}')]);
    expect(entryHash(sha256, genesis, '{"a":1}')).toBe(toHex(sha256(joined)));
  });

  test('any text, halves of surrogates and 200,000 characters too, is hashed as its UTF-8 after the hash before', () => {
    const long = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => text.repeat(10_000));
    const anyText = fc.oneof(
      { arbitrary: fc.string({ unit: 'binary' }), weight: 20 },
      { arbitrary: long, weight: 1 },
    );
    fc.assert(
      fc.property(anyText, fc.uint8Array({ minLength: 32, maxLength: 32 }), (text, before) => {
        const hash = createHash('sha256').update(before).update(new TextEncoder().encode(text));
        expect(entryHash(tillSha256, toHex(before), text)).toBe(hash.digest('hex'));
      }),
      { numRuns: 2_000 },
    );
  });

  test('the till hashes one part and many alike', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (parts) => {
        expect(toHex(tillSha256(...parts))).toBe(toHex(sha256(...parts)));
      }),
    );
  });

  test('the statement a till signs names till, journal, seq and hash', () => {
    expect(new TextDecoder().decode(headStatement('t', 'j', { seq: 7, hash: 'ab' }))).toBe(
      'counterfoil head v1 t j 7 ab',
    );
  });

  test('the code on the receipt is 8 digits of the hash', () => {
    expect(chainCode('8f3a22c1'.padEnd(64, '0'))).toBe('8F3A-22C1');
  });

  test('hex reads back, and is lower-case and whole', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(fromHex(toHex(bytes))).toEqual(bytes)));
    for (const text of ['a', 'AB', 'zz', ' ab']) expect(() => fromHex(text)).toThrow(AssertionError);
  });
});
