/**
 * Encodings of text files as shops have them: UTF-8 with and without mark, UTF-16 with one, GB18030 (GBK), Big5.
 *
 * A mark says it. Without one a file that is valid UTF-8 is UTF-8: no longer text of the others is by chance. Between GB18030
 * and Big5 the signs decide: each makes rare ones of the other's text. Where that is no clear answer nobody guesses: the
 * caller must name it, for a wrong guess would write wrong names.
 */
import iconv from 'iconv-lite';
import { err, ok, type Result } from '../../src/core/result.ts';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'big5'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface Decoded {
  readonly text: string;
  readonly encoding: Encoding;
}

export type EncodingError =
  | { readonly kind: 'encoding_unclear'; readonly candidates: readonly Encoding[] }
  /** Bytes that this encoding does not have. */
  | { readonly kind: 'encoding_wrong'; readonly encoding: Encoding };

/** @param named what the sender says it is; null: found out */
export function decodeText(bytes: Uint8Array, named: Encoding | null): Result<Decoded, EncodingError> {
  const encoding = named ?? markOf(bytes);
  if (encoding !== null) {
    const text = decode(bytes, encoding);
    return text === null ? err({ kind: 'encoding_wrong', encoding }) : ok({ text, encoding });
  }
  const utf8 = decode(bytes, 'utf-8');
  if (utf8 !== null) return ok({ text: utf8, encoding: 'utf-8' });
  return byItsSigns(bytes);
}

function markOf(bytes: Uint8Array): Encoding | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : null;
}

/** Null where the bytes are not of this encoding. The mark is taken off. */
function decode(bytes: Uint8Array, encoding: Encoding): string | null {
  if (encoding === 'gb18030' || encoding === 'big5') {
    // Node's own decoder leaves out what Big5 does not have, `fatal` or not.
    const text = iconv.decode(Buffer.from(bytes), encoding);
    return text.includes('\uFFFD') ? null : text;
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** How much likelier the one must be, in rare signs per sign. */
const CLEAR = 0.1;

function byItsSigns(bytes: Uint8Array): Result<Decoded, EncodingError> {
  const [first, second] = (['gb18030', 'big5'] as const)
    .flatMap((encoding) => {
      const text = decode(bytes, encoding);
      return text === null ? [] : [{ encoding, text, rare: rareness(text, encoding) }];
    })
    .sort((a, b) => a.rare - b.rare);
  if (first === undefined) return err({ kind: 'encoding_unclear', candidates: [] });
  if (second !== undefined && second.rare - first.rare < CLEAR) {
    return err({ kind: 'encoding_unclear', candidates: [first.encoding, second.encoding] });
  }
  return ok({ text: first.text, encoding: first.encoding });
}

/** Signs of everyday words and surnames, as each of the two writes them. */
const COMMON: Readonly<Record<'gb18030' | 'big5', ReadonlySet<string>>> = {
  gb18030: new Set(
    '会员姓名电话手机号卡性别男女生日地址邮箱等级标签备注城市省区路街道楼室店级普通金银钻石先生小姐王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴孔汤的一是不了在人有我他这个们中来上大为和国年月时要以可文明丽华伟芳娜敏静强磊军洋勇艳杰娟涛超秀霞平刚桂英北京海广州深圳南天津重庆成都杭武汉西安',
  ),
  big5: new Set(
    '會員姓名電話手機號卡性別男女生日地址郵箱信等級標籤備註城市縣省區路街道樓室店級普通金銀鑽石先生小姐王李張劉陳楊黃趙吳周徐孫馬朱胡郭何高林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田董袁潘於蔣蔡余杜葉程蘇魏呂丁任沈姚盧姜崔鍾譚陸汪范金石廖賈夏韋方白鄒孟熊秦邱江尹薛段雷侯龍史陶黎賀顧毛郝龔邵萬錢嚴武戴孔湯的一是不了在人有我他這個們中來上大為和國年月時要以可文明麗華偉芳娜敏靜強志美玲淑惠雅婷怡君家豪俊宏台臺北高雄中南新竹桃園嘉義屏東花蓮香港九龍',
  ),
};

/** Share of the Han and stranger signs that are not common ones: 0 is everyday text. */
function rareness(text: string, encoding: 'gb18030' | 'big5'): number {
  let [signs, rare] = [0, 0];
  for (const sign of text) {
    const code = sign.codePointAt(0)!;
    // Latin, digits, full-width forms and CJK punctuation say nothing.
    if (code < 0x80 || (code >= 0x3000 && code <= 0x303f) || (code >= 0xff00 && code <= 0xffef)) continue;
    signs++;
    if (!COMMON[encoding].has(sign)) rare++;
  }
  return signs === 0 ? 0 : rare / signs;
}
