/**
 * Icons: the mark of the screens in the forms that systems want, drawn when installers are made.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const MARK = new URL('../src/ui/public/mark.svg', import.meta.url);
const LINUX_PX = [16, 32, 48, 64, 128, 256, 512] as const;
const WINDOWS_PX = [16, 24, 32, 48, 64, 128, 256] as const;
/** Apple's types of pictures that are PNG. Source: Apple Icon Image format, "Icon types". */
const MAC_TYPES = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1_024],
] as const;

/** Writes `icon.ico`, `icon.icns`, `icon.png` and, for Linux, `SIZExSIZE.png` into the folder. */
export function writeIcons(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const svg = readFileSync(MARK, 'utf8');
  const pngs = new Map<number, Buffer>();
  const png = (px: number): Buffer => {
    const known = pngs.get(px) ?? new Resvg(svg, { fitTo: { mode: 'width', value: px } }).render().asPng();
    pngs.set(px, known);
    return known;
  };
  const put = (name: string, bytes: Uint8Array) => writeFileSync(path.join(folder, name), bytes);
  for (const px of LINUX_PX) put(`${px}x${px}.png`, png(px));
  put('icon.png', png(1_024));
  put('icon.ico', icoOf(WINDOWS_PX.map((px) => ({ px, png: png(px) }))));
  put('icon.icns', icnsOf(MAC_TYPES.map(([type, px]) => ({ type, png: png(px) }))));
}

/** Head of 6 bytes, 16 a picture, then the pictures; 256 pixels are written as 0. Source: "Icons", MSDN. */
function icoOf(pictures: readonly { readonly px: number; readonly png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let at = head.length;
  for (const [index, { px, png }] of pictures.entries()) {
    const entry = 6 + 16 * index;
    head.writeUInt8(px % 256, entry);
    head.writeUInt8(px % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** `icns`, the length of all, then type and length before each picture. */
function icnsOf(pictures: readonly { readonly type: string; readonly png: Buffer }[]): Buffer {
  const chunks = pictures.map(({ type, png }) => chunk(type, png));
  return chunk('icns', Buffer.concat(chunks));
}

function chunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}
