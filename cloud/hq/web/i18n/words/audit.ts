/** Words of the audit log, of privacy requests and of the look of the house. */
import type { Triple } from '../triples.ts';

export const AUDIT_WORDS = {
  help: [
    '谁在什么时候、从哪里改了什么。只增不改，每条都带着前一条的指纹；姓名、电话和文字内容不进日志。',
    '誰在什麼時候、從哪裡改了什麼。只增不改，每筆都帶著前一筆的指紋；姓名、電話和文字內容不進日誌。',
    'Who changed what, when and from where. Entries are only added, each with the fingerprint of the one before; names, phones and free text stay out.',
  ],
  whole: [
    '日志完整：{{count}} 条逐条验过',
    '日誌完整：{{count}} 筆逐筆驗過',
    'The log is whole: {{count}} entries walked',
  ],
  broken: [
    '日志在第 {{seq}} 条断了：有人改过数据库，请立即备份并查明。',
    '日誌在第 {{seq}} 筆斷了：有人改過資料庫，請立即備份並查明。',
    'The chain breaks at entry {{seq}}: somebody changed the database. Make a copy and look into it at once.',
  ],
  prove: ['验证', '驗證', 'Verify'],
  when: ['时间', '時間', 'When'],
  who: ['谁', '誰', 'Who'],
  what: ['做了什么', '做了什麼', 'What'],
  thing: ['对象', '對象', 'Of what'],
  from: ['来自', '來自', 'From'],
  outcome: ['结果', '結果', 'Outcome'],
  done: ['完成', '完成', 'Done'],
  refused: ['被拒 {{status}}', '被拒 {{status}}', 'Refused, {{status}}'],
  unknown: ['没有结果：总部中途停了', '沒有結果：總部中途停了', 'No outcome: HQ fell in between'],
  before: ['之前', '之前', 'Before'],
  after: ['之后', '之後', 'After'],
  sent: ['提交的内容', '送出的內容', 'What was sent'],
  anyone: ['所有人', '所有人', 'Everybody'],
  empty: ['还没有改动', '還沒有改動', 'Nothing was changed yet'],
  emptyHelp: [
    '在总部做的每次改动都会记在这里。',
    '在總部做的每次改動都會記在這裡。',
    'Every change made at HQ is written down here.',
  ],
} as const satisfies Record<string, Triple>;

export const PRIVACY_WORDS = {
  find: ['谁在提要求', '誰在提要求', 'Who is asking'],
  findHelp: [
    '先用完整的手机号、卡号或邮箱找到本人，再办理查询或删除。',
    '先用完整的手機號、卡號或信箱找到本人，再辦理查詢或刪除。',
    'Find the person by the whole phone, card or mail first; then give access or erase.',
  ],
  bundle: ['下载全部资料', '下載全部資料', 'Download all that is known'],
  bundleHelp: [
    '一个文件，包含总部知道的一切：资料、同意、购买、积分、券、事件。下载会记进审计日志。',
    '一個檔案，包含總部知道的一切：資料、同意、購買、點數、券、事件。下載會記進稽核日誌。',
    'One file with all that HQ knows: profile, consents, purchases, points, coupons, events. The audit log notes the download.',
  ],
  lift: ['解除停用', '解除停用', 'Lift a block'],
  liftHelp: [
    '删除过的号码不能再入会。本人改变主意时，在这里解除。',
    '刪除過的號碼不能再入會。本人改變主意時，在這裡解除。',
    'A number that was erased cannot join again. Lift that here when its owner has changed their mind.',
  ],
  lifted: ['已解除，可以重新入会', '已解除，可以重新入會', 'Lifted: the number may join again'],
  retention: ['自动删除', '自動刪除', 'What is forgotten by itself'],
  retentionHelp: [
    '到期的个人资料由总部自己删除；销售和合计不带姓名地留下。',
    '到期的個人資料由總部自己刪除；銷售和合計不帶姓名地留下。',
    'HQ erases personal data when its time is over; sales and totals stay without a name.',
  ],
  ruleId: ['规则名', '規則名', 'Rule'],
  afterMonths: ['多少个月没有购买', '多少個月沒有購買', 'Months without a purchase'],
  who: ['哪些人', '哪些人', 'Whom'],
  no_consent: ['没有任何同意的人', '沒有任何同意的人', 'who holds to no consent'],
  any: ['所有人', '所有人', 'everybody'],
  inForce: ['生效', '生效', 'In force'],
  tryRule: ['看看今天会删谁', '看看今天會刪誰', 'Try it today'],
  wouldForget: [
    '今天会删除 {{count}} 人的资料；有积分或储值可用的人留下。不能撤销。',
    '今天會刪除 {{count}} 人的資料；有點數或儲值可用的人留下。不能復原。',
    'Today it would forget {{count}} people, for good; who has points or value to spend stays.',
  ],
  noRetention: ['没有规则：都保留。', '沒有規則：都保留。', 'No rule: everything is kept.'],
} as const satisfies Record<string, Triple>;

export const BRAND_WORDS = {
  title: ['门面', '門面', 'Branding'],
  help: [
    '总部页面上的名字、颜色和标志，所有人都看得到。小票上的内容在门店设置里。',
    '總部頁面上的名稱、顏色和標誌，所有人都看得到。收據上的內容在門市設定裡。',
    'Name, colour and mark of these pages, for everybody. What stands on receipts is set with the store.',
  ],
  name: ['名称', '名稱', 'Name'],
  colour: ['颜色', '顏色', 'Colour'],
  colourHelp: [
    '太浅的颜色上看不清白字，会被拒绝。',
    '太淺的顏色上看不清白字，會被拒絕。',
    'White words must be readable on it: a colour that is too light is refused.',
  ],
  mark: ['标志', '標誌', 'Mark'],
  markHelp: ['PNG，不超过 32 KB', 'PNG，不超過 32 KB', 'PNG, at most 32 KB'],
  tooBig: [
    '这个文件有 {{kb}} KB，最多 32 KB。',
    '這個檔案有 {{kb}} KB，最多 32 KB。',
    'This file has {{kb}} KB; at most 32 KB will do.',
  ],
  notPicture: ['这不是 PNG 图片。', '這不是 PNG 圖片。', 'This is no PNG picture.'],
  choose: ['选择图片', '選擇圖片', 'Choose a picture'],
  preview: ['预览', '預覽', 'Preview'],
} as const satisfies Record<string, Triple>;
