/** Rules that meet on the same goods, and what the kernel makes of it. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Item } from '../../../../../src/core/item.ts';
import type { RuleSet } from '../../../../../src/core/promotion.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Notice } from '../../parts/notice.tsx';
import { type Conflict, conflictsOf } from './conflicts.ts';
import { itemName, useItems } from './item-picker.tsx';
import { useDraft, useRules } from './use-rules.ts';

/** More goods than this are not looked through in a browser. */
const ITEMS_MAX = 1_000;

export function ConflictsTab() {
  const { t } = useTranslation();
  const rules = useRules();
  const items = useItems('', ITEMS_MAX);
  return (
    <Card title={t('price.conflicts')}>
      <Answered query={rules} rows={6}>
        {({ rules: loaded }) => (
          <Answered query={items} rows={6}>
            {(answer) => <List loaded={loaded} items={answer.items as unknown as Item[]} />}
          </Answered>
        )}
      </Answered>
    </Card>
  );
}

function List({ loaded, items }: { readonly loaded: RuleSet | null; readonly items: readonly Item[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { set } = useDraft(loaded);
  const conflicts = useMemo(() => conflictsOf(set, items), [set, items]);
  if (conflicts.length === 0)
    return <Notice icon="online" title={t('price.noConflicts')} help={t('price.noConflictsHelp')} />;
  const words = ({ what, wins }: Conflict) => {
    const name = wins === null ? '' : itemName(wins, locale);
    if (what === 'exclusive') return t('price.conflictExclusive', { name });
    if (what === 'higher') return t('price.conflictHigher', { name });
    return t(what === 'best' ? 'price.conflictBest' : 'price.conflictStack');
  };
  return (
    <ul className="matters">
      {conflicts.map((conflict) => (
        <li key={`${conflict.a.id} ${conflict.b.id}`}>
          <Icon name={conflict.what === 'stack' ? 'same' : 'warn'} />
          <span>
            <span className="matter-title">
              {itemName(conflict.a, locale)} × {itemName(conflict.b, locale)}
            </span>
            <span className="muted">
              {words(conflict)} · {t('price.conflictGoods', { count: conflict.items })}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
