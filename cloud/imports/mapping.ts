/**
 * What a column of a file means: a field of the profile, a custom field, or nothing. Headers are known in three languages; a
 * person may say otherwise.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { FieldDefinition } from '../facts/fields.ts';
import { type ConsentTarget, isConsentTarget } from './consent-cell.ts';

/** Fields that a file may fill, with the words that head their columns. */
export const TARGETS = {
  memberId: ['member id', 'id', '会员编号', '會員編號', '会员id'],
  cardNo: ['card', 'card no', 'card number', '卡号', '会员卡号', '卡號', '會員卡號', '会员卡'],
  name: ['name', 'full name', '姓名', '名字', '会员姓名', '會員姓名', '客户姓名', '客戶姓名'],
  phone: [
    'phone',
    'mobile',
    'tel',
    '手机',
    '手机号',
    '手机号码',
    '电话',
    '電話',
    '手機',
    '手機號碼',
    '联系电话',
    '聯絡電話',
  ],
  mail: ['mail', 'email', 'e-mail', '邮箱', '电子邮件', '電子郵件', '信箱', '電郵'],
  birthday: ['birthday', 'birth date', 'date of birth', '生日', '出生日期', '出生年月日'],
  gender: ['gender', 'sex', '性别', '性別'],
  residence: ['residence', 'city', 'region', '城市', '地区', '地區', '居住地', '所在城市', '縣市'],
  address: ['address', '地址', '住址', '详细地址', '詳細地址'],
  tier: ['tier', 'level', '等级', '等級', '会员等级', '會員等級', '级别', '級別'],
  tags: ['tags', 'tag', '标签', '標籤'],
  preferredPayment: ['preferred payment', 'payment', '支付方式', '付款方式'],
  needs: ['needs', '需求'],
  purchaseMotive: ['purchase motive', '购买动机', '購買動機'],
  homeStore: ['home store', 'store', '门店', '門店', '所属门店', '所屬門店'],
  note: ['note', 'remark', '备注', '備註'],
  /** Of the row's consents that do not say their own day and text. */
  consentAt: ['consent date', 'consent day', '同意日期', '授权日期', '授權日期'],
  consentText: ['consent text', 'consent version', '同意版本', '授权版本', '授權版本'],
} as const;
export type ProfileTarget = keyof typeof TARGETS;
export const PROFILE_TARGETS = Object.keys(TARGETS) as ProfileTarget[];

/** `field:shoe` is a custom field, `consent:marketing:sms` a consent; null: the column is left out. */
export type Target = ProfileTarget | `field:${string}` | ConsentTarget;
export type Mapping = ReadonlyMap<string, Target | null>;

export type MappingError =
  | { readonly kind: 'unknown_column'; readonly column: string }
  | { readonly kind: 'unknown_target'; readonly column: string; readonly target: string }
  | { readonly kind: 'target_twice'; readonly target: string; readonly columns: readonly string[] }
  /** Nobody could be known again by the columns that are left. */
  | { readonly kind: 'key_missing' };

/** Columns by which a member is known again. */
export const KEY_TARGETS: readonly Target[] = ['memberId', 'cardNo', 'phone', 'mail'];

/** What the headers say; a header that says nothing is left out. */
export function suggestMapping(headers: readonly string[], fields: readonly FieldDefinition[]): Mapping {
  const byWord = new Map<string, Target>();
  for (const target of PROFILE_TARGETS) {
    for (const word of [target, ...TARGETS[target]]) byWord.set(wordOf(word), target);
  }
  for (const { id, name, names, retired } of fields) {
    if (retired) continue;
    for (const word of [id, `field:${id}`, name, ...Object.values(names)]) {
      if (!byWord.has(wordOf(word))) byWord.set(wordOf(word), `field:${id}`);
    }
  }
  const taken = new Set<Target>();
  return new Map(
    headers.map((header) => {
      const plain = header.trim().toLowerCase();
      const target = isConsentTarget(plain) ? plain : (byWord.get(wordOf(header)) ?? null);
      if (target === null || taken.has(target)) return [header, null];
      taken.add(target);
      return [header, target];
    }),
  );
}

function wordOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_*:-]/g, '');
}

/** What a person said, on top of what the headers say. */
export function readMapping(
  headers: readonly string[],
  asked: Readonly<Record<string, string | null>>,
  fields: readonly FieldDefinition[],
): Result<Mapping, MappingError> {
  const strange = Object.keys(asked).find((column) => !headers.includes(column));
  if (strange !== undefined) return err({ kind: 'unknown_column', column: strange });
  const known = new Set<string>([
    ...PROFILE_TARGETS,
    ...fields.filter(({ retired }) => !retired).map(({ id }) => `field:${id}`),
  ]);
  const said = new Set(Object.values(asked));
  const mapping = new Map<string, Target | null>();
  for (const [header, suggested] of suggestMapping(headers, fields)) {
    const target = header in asked ? asked[header]! : suggested;
    if (target !== null && !known.has(target) && !isConsentTarget(target))
      return err({ kind: 'unknown_target', column: header, target });
    // A column that a person chose for something has it alone.
    mapping.set(header, !(header in asked) && said.has(target) ? null : (target as Target | null));
  }
  for (const target of new Set(mapping.values())) {
    const columns = headers.filter((header) => mapping.get(header) === target);
    if (target !== null && columns.length > 1) return err({ kind: 'target_twice', target, columns });
  }
  return [...mapping.values()].some((target) => target !== null && KEY_TARGETS.includes(target))
    ? ok(mapping)
    : err({ kind: 'key_missing' });
}
