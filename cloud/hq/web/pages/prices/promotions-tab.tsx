/** The promotion editor: rules at the left, the one that is edited in the middle, a test basket beside it. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Rule, RuleSet } from '../../../../../src/core/promotion.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useToast } from '../../parts/toast.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { go } from '../../shell/router.tsx';
import { COUPON_RULE, differenceOf, keptDraft, newRule, ownRules } from './draft.ts';
import { itemName } from './item-picker.tsx';
import type { PricesRoute } from './prices-page.tsx';
import { PublishBar } from './publish-bar.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { TestBasket } from './test-basket.tsx';
import { useDraft, useRules } from './use-rules.ts';

export function PromotionsTab({ route }: { readonly route: PricesRoute }) {
  const rules = useRules();
  return (
    <Answered query={rules} rows={12} inCard>
      {({ rules: loaded }) => <Editor key={loaded?.version} loaded={loaded} ruleId={route.rule} />}
    </Answered>
  );
}

function Editor({
  loaded,
  ruleId,
}: {
  readonly loaded: RuleSet | null;
  readonly ruleId: string | undefined;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const draft = useDraft(loaded);
  const { set, change } = draft;
  const rules = ownRules(set);
  const open = rules.find(({ id }) => id === ruleId) ?? rules[0];
  const show = (id: string) => go({ page: 'prices', tab: 'promotions', rule: id });
  const replace = (id: string, by: Rule | null) =>
    change({
      ...set,
      rules: set.rules.flatMap((rule) => (rule.id !== id ? [rule] : by === null ? [] : [by])),
    });
  const toast = useToast();
  const remove = (rule: Rule) => {
    replace(rule.id, null);
    toast({
      text: t('price.ruleRemoved', { name: itemName(rule, locale) }),
      // Into the draft as it is by then: other rules may have been edited meanwhile.
      undo: () => {
        const now = keptDraft(draft.current) ?? draft.current;
        if (!now.rules.some(({ id }) => id === rule.id)) change({ ...now, rules: [...now.rules, rule] });
      },
    });
  };
  const add = () => {
    const rule = newRule(rules, t('price.newRule'));
    change({ ...set, rules: [...set.rules, rule] });
    show(rule.id);
  };
  return (
    <>
      <Changeable right="promotions.write" hidden>
        <PublishBar draft={draft} difference={differenceOf(draft.current, set)} />
      </Changeable>
      <div className="promotions">
        <Card
          title={t('price.rules')}
          extra={
            <Changeable right="promotions.write" hidden>
              <Button size="small" icon={<Icon name="plus" />} onClick={add} data-testid="new-rule">
                {t('price.newRule')}
              </Button>
            </Changeable>
          }
        >
          <RuleList set={set} openId={open?.id} onOpen={show} />
        </Card>
        {open !== undefined && (
          <Card title={itemName(open, locale)} className="rule-card">
            <Changeable right="promotions.write">
              <RuleEditor
                key={open.id}
                rule={open}
                onChange={(next) => replace(open.id, next)}
                onRemove={() => remove(open)}
              />
            </Changeable>
          </Card>
        )}
        <TestBasket set={set} />
      </div>
    </>
  );
}

interface ListProps {
  readonly set: RuleSet;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}

function RuleList({ set, openId, onOpen }: ListProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (set.rules.length === 0)
    return <Notice icon="prices" title={t('price.noRules')} help={t('price.noRulesHelp')} />;
  const sorted = set.rules.toSorted((a, b) => b.priority - a.priority || a.id.localeCompare(b.id));
  return (
    <ul className="rule-list">
      {sorted.map((rule) => {
        const ofCoupon = rule.id.startsWith(COUPON_RULE);
        return (
          <li key={rule.id}>
            <button
              type="button"
              disabled={ofCoupon}
              aria-current={rule.id === openId}
              data-testid={`rule-${rule.id}`}
              onClick={() => onOpen(rule.id)}
            >
              <span>{itemName(rule, locale)}</span>
              <span className="muted">
                {t(`price.${rule.reward.kind}`)} · {t(`price.${rule.mode}`)} · {rule.priority}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
