/** Changed fields in the reader's words: names, money, rates and closed words in three languages; what has no name stays as it is. */
import { describe, expect, test } from 'vitest';
import { fieldLabel, fieldValue } from '../../cloud/hq/web/format/field.ts';
import { currencyOf } from '../../cloud/hq/web/format/money.ts';

describe('a field', () => {
  test.each([
    ['topUp.minMinor', '最低充值', '最低儲值', 'Top up at least'],
    ['bonus[0].fromMinor', '档：充 1', '檔：儲 1', 'Step: top up 1'],
    ['tiers[2].discountBp', '等级 3 › 折扣', '等級 3 › 折扣', 'Tiers 3 › Discount'],
    [
      'programme.earn.perMinor',
      '积分规则 › 每消费多少元得 1 分',
      '點數規則 › 每消費多少元得 1 分',
      'Points programme › Spend for one point',
    ],
    [
      'templates[0].template.offer.reward.off.amountMinor',
      '券模板 1 › 模板 › 减多少元',
      '券範本 1 › 範本 › 減多少元',
      'Templates 1 › Template › Amount off',
    ],
    [
      'growth.perMinor.CNY',
      '成长值 › 每点成长值的金额 › CNY',
      '成長值 › 每點成長值的金額 › CNY',
      'Growth › Spend for one growth › CNY',
    ],
    ['benefits[0].give.points', '关怀 1 › 送积分', '關懷 1 › 送點數', 'Benefits 1 › Gives points'],
    ['no.such[1].field', 'no › such 2 › field', 'no › such 2 › field', 'no › such 2 › field'],
    ['constructor', 'constructor', 'constructor', 'constructor'],
  ])('%s is %s', (path, zhCN, zhTW, en) => {
    expect([fieldLabel(path, 'zh-CN'), fieldLabel(path, 'zh-TW'), fieldLabel(path, 'en')]).toEqual([
      zhCN,
      zhTW,
      en,
    ]);
  });

  test.each([
    ['topUp.minMinor', '5000', '¥50.00'],
    ['growth.perMinor.CNY', '100', '¥1.00'],
    ['tiers[0].discountBp', '1250', '12.5 %'],
    ['earn.timesMaxBp', '40000', '4 ×'],
    ['offer.mode', 'compound', 'stacks'],
    ['benefits[0].active', 'true', 'yes'],
    ['levels[0].fromGrowth', '1000', '1000'],
    ['name', '…', '…'],
    ['topUp.minMinor', '…', '…'],
  ])('%s of %s is %s', (path, text, shown) => {
    expect(fieldValue(path, text, { locale: 'en', currency: currencyOf('CNY') })).toBe(shown);
  });
});
