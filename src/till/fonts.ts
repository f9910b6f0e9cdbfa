/**
 * Fonts as files: the Noto faces that come along as web fonts, unpacked where a program needs them to draw.
 *
 * A face is cut into about a hundred WOFF files by character range; only those that a text needs are unpacked, into a
 * folder of this process that goes with it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import type { FontSource } from '../devices/picture.ts';

const WEIGHTS = [400, 700] as const;
type Weight = (typeof WEIGHTS)[number];

/** One range of characters, both ends in it, and the part of the face that holds it. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly part: string;
}

interface Face {
  readonly name: string;
  readonly folder: string;
  readonly ranges: readonly Range[];
}

/** @returns null where the fonts are not installed: then nothing can be drawn with words in it */
export function notoFonts(): FontSource | null {
  const faces = ['noto-sans-sc', 'noto-sans-tc'].map(openFace).filter((face) => face !== null);
  return faces.length === 0 ? null : new NotoFonts(faces);
}

function openFace(name: string): Face | null {
  try {
    const file = createRequire(import.meta.url).resolve(`@fontsource/${name}/unicode.json`);
    const parts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    const ranges = Object.entries(parts).flatMap(([part, text]) =>
      text.split(',').map((range) => ({ ...parseRange(range), part: part.replace(/[[\]]/g, '') })),
    );
    return { name, folder: path.join(path.dirname(file), 'files'), ranges };
  } catch {
    return null;
  }
}

/** `U+4e00-4e02`, `U+4e00`. */
function parseRange(text: string): { from: number; to: number } {
  const [from, to = from] = text
    .trim()
    .slice(2)
    .split('-')
    .map((hex) => Number.parseInt(hex, 16));
  return { from: from!, to: to! };
}

class NotoFonts implements FontSource {
  private readonly faces: readonly Face[];
  private readonly unpacked = new Map<string, string>();
  private readonly glyphs = new Map<string, ReadonlySet<number>>();
  private folder: string | null = null;

  constructor(faces: readonly Face[]) {
    this.faces = faces;
  }

  files(text: string, only?: Weight): readonly string[] {
    const chars = new Set(Array.from(text, (char) => char.codePointAt(0)!));
    return this.faces.flatMap((face) => {
      const parts = new Set([...chars].flatMap((code) => partOf(face, code) ?? []));
      return [...parts].flatMap((part) =>
        (only === undefined ? WEIGHTS : [only]).map((weight) => this.file(face, part, weight)),
      );
    });
  }

  has(char: string): boolean {
    const code = char.codePointAt(0)!;
    return this.faces.some((face) => {
      const part = partOf(face, code);
      return part !== null && this.glyphsOf(face, part).has(code);
    });
  }

  private file(face: Face, part: string, weight: Weight): string {
    const name = `${face.name}-${part}-${weight}`;
    const known = this.unpacked.get(name);
    if (known !== undefined) return known;
    const file = path.join(this.ownFolder(), `${name}.ttf`);
    writeFileSync(file, unpackWoff(readFileSync(woffFile(face, part, weight))));
    this.unpacked.set(name, file);
    return file;
  }

  private glyphsOf(face: Face, part: string): ReadonlySet<number> {
    const name = `${face.name}-${part}`;
    const known = this.glyphs.get(name) ?? charactersOf(readFileSync(woffFile(face, part, 400)));
    this.glyphs.set(name, known);
    return known;
  }

  private ownFolder(): string {
    if (this.folder === null) {
      const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-fonts-'));
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      this.folder = folder;
    }
    return this.folder;
  }
}

function partOf(face: Face, code: number): string | null {
  return face.ranges.find(({ from, to }) => code >= from && code <= to)?.part ?? null;
}

function woffFile(face: Face, part: string, weight: Weight): string {
  return path.join(face.folder, `${face.name}-${part}-${weight}-normal.woff`);
}

// ---- WOFF: a TrueType file whose tables are packed one by one. Source: W3C WOFF 1.0 ----

interface FontTable {
  readonly tag: string;
  readonly checksum: number;
  readonly data: Buffer;
}

function woffTables(woff: Buffer): FontTable[] {
  return Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
    const at = 44 + index * 20;
    const [offset, packedLength, length] = [4, 8, 12].map((field) => woff.readUInt32BE(at + field));
    const packed = woff.subarray(offset!, offset! + packedLength!);
    return {
      tag: woff.toString('latin1', at, at + 4),
      checksum: woff.readUInt32BE(at + 16),
      data: packedLength! < length! ? inflateSync(packed) : packed,
    };
  });
}

function unpackWoff(woff: Buffer): Buffer {
  const tables = woffTables(woff);
  const power = Math.floor(Math.log2(tables.length));
  const head = Buffer.alloc(12 + tables.length * 16);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(tables.length, 4);
  head.writeUInt16BE(2 ** power * 16, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE((tables.length - 2 ** power) * 16, 10);
  const parts = [head];
  let offset = head.length;
  tables.forEach(({ tag, checksum, data }, index) => {
    const at = 12 + index * 16;
    head.write(tag, at, 'latin1');
    head.writeUInt32BE(checksum, at + 4);
    head.writeUInt32BE(offset, at + 8);
    head.writeUInt32BE(data.length, at + 12);
    const padded = Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
    parts.push(padded);
    offset += padded.length;
  });
  return Buffer.concat(parts);
}

/** The characters a font has glyphs for, from its `cmap` table in format 4 (16 bits) or 12 (32 bits). */
function charactersOf(woff: Buffer): ReadonlySet<number> {
  const cmap = woffTables(woff).find(({ tag }) => tag === 'cmap')?.data;
  const codes = new Set<number>();
  if (cmap === undefined) return codes;
  for (let index = 0; index < cmap.readUInt16BE(2); index++) {
    const at = cmap.readUInt32BE(4 + index * 8 + 4);
    const format = cmap.readUInt16BE(at);
    if (format === 4) addFormat4(cmap, at, codes);
    if (format === 12) addFormat12(cmap, at, codes);
  }
  return codes;
}

function addFormat4(cmap: Buffer, at: number, codes: Set<number>): void {
  const segments = cmap.readUInt16BE(at + 6) / 2;
  for (let segment = 0; segment < segments; segment++) {
    const end = cmap.readUInt16BE(at + 14 + segment * 2);
    const start = cmap.readUInt16BE(at + 16 + (segments + segment) * 2);
    const delta = cmap.readUInt16BE(at + 16 + (segments * 2 + segment) * 2);
    const rangeAt = at + 16 + (segments * 3 + segment) * 2;
    const range = cmap.readUInt16BE(rangeAt);
    for (let code = start; code <= end && code !== 0xffff; code++) {
      const glyph =
        range === 0 ? (code + delta) & 0xffff : cmap.readUInt16BE(rangeAt + range + (code - start) * 2);
      if (glyph !== 0) codes.add(code);
    }
  }
}

function addFormat12(cmap: Buffer, at: number, codes: Set<number>): void {
  const groups = cmap.readUInt32BE(at + 12);
  for (let group = 0; group < groups; group++) {
    const start = cmap.readUInt32BE(at + 16 + group * 12);
    const end = cmap.readUInt32BE(at + 20 + group * 12);
    for (let code = start; code <= end; code++) codes.add(code);
  }
}
