/**
 * Code pages: the bytes 0x20-0xFF of a printer as characters, by the number that ESC t names.
 *
 * Numbers are Epson's. A page that nobody here knows reads as cp437, which every printer starts with.
 */
import iconv from 'iconv-lite';
import { iconvName } from './print-text.ts';

/** Encoding names of iconv-lite, or `katakana` for Epson's page of half-width kana and box signs. */
export type CodePages = Readonly<Record<number, string>>;

/** Source: Epson ESC/POS command reference, "Select character code table". */
export const EPSON_CODE_PAGES: CodePages = {
  0: 'cp437',
  1: 'katakana',
  2: 'cp850',
  3: 'cp860',
  4: 'cp863',
  5: 'cp865',
  13: 'cp857',
  14: 'cp737',
  15: 'iso88597',
  16: 'cp1252',
  17: 'cp866',
  18: 'cp852',
  19: 'cp858',
  32: 'cp720',
  33: 'cp775',
  34: 'cp855',
  35: 'cp861',
  36: 'cp862',
  37: 'cp864',
  38: 'cp869',
  39: 'iso88592',
  40: 'iso885915',
  44: 'cp1125',
  45: 'cp1250',
  46: 'cp1251',
  47: 'cp1253',
  48: 'cp1254',
  49: 'cp1255',
  50: 'cp1256',
  51: 'cp1257',
  52: 'cp1258',
};

export function decodePage(bytes: Uint8Array, page: number, pages: CodePages): string {
  const name = pages[page] ?? 'cp437';
  return name === 'katakana'
    ? Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : KATAKANA[byte - 0x80])).join('')
    : decodeBytes(bytes, name);
}

/** @param encoding  of the printer's two-byte mode, such as `gb18030` */
export function decodeBytes(bytes: Uint8Array, encoding: string): string {
  return iconv.decode(bytes, iconvName(encoding));
}

// 0x80-0xFF of Epson's page 1. Its first and last rows are box signs and the kanji of dates and prices.
const KATAKANA = Array.from(
  [
    '▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼',
    '┴┬┤├▔─│▕┌┐└┘╭╮╰╯',
    ' ｡｢｣､･ｦｧｨｩｪｫｬｭｮｯ',
    'ｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿ',
    'ﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏ',
    'ﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ',
    '═╞╪╡◢◣◥◤♠♥♦♣●○╱╲',
    '╳円年月日時分秒〒市区町村人▒ ',
  ].join(''),
);
