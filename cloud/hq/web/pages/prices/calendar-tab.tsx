/** Rules along the days: what runs, what comes, what is over. */
import { useTranslation } from 'react-i18next';
import type { Rule } from '../../../../../src/core/promotion.ts';
import { addDays, datesBetween, monthDay } from '../../format/date.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Notice } from '../../parts/notice.tsx';
import { newestDate, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { Link } from '../../shell/router.tsx';
import { itemName } from './item-picker.tsx';
import { useRules } from './use-rules.ts';

const BACK = 14;
const AHEAD = 76;

export function CalendarTab() {
  const { t } = useTranslation();
  const rules = useRules();
  const today = newestDate(useStores().data?.stores ?? [], useNow());
  const from = addDays(today, -BACK);
  const days = datesBetween(from, addDays(today, AHEAD));
  return (
    <Card title={t('price.calendar')}>
      <Answered query={rules} rows={8}>
        {({ rules: set }) =>
          (set?.rules ?? []).length === 0 ? (
            <Notice icon="prices" title={t('price.noRules')} help={t('price.noRulesHelp')} />
          ) : (
            <div className="calendar">
              <div className="calendar-row calendar-head muted num" aria-hidden="true">
                <span />
                <div className="calendar-bar">
                  {days
                    .filter((_, index) => index % 14 === 0)
                    .map((day) => (
                      <span key={day} style={{ left: `${(100 * days.indexOf(day)) / days.length}%` }}>
                        {monthDay(day)}
                      </span>
                    ))}
                  <i className="calendar-today" style={{ left: `${(100 * BACK) / days.length}%` }} />
                </div>
              </div>
              {(set?.rules ?? []).map((rule) => (
                <Row key={rule.id} rule={rule} days={days} today={today} />
              ))}
            </div>
          )
        }
      </Answered>
    </Card>
  );
}

function Row({
  rule,
  days,
  today,
}: {
  readonly rule: Rule;
  readonly days: readonly string[];
  readonly today: string;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { from = '', to = '9999-12-31' } = rule.validity ?? {};
  const shown = days.filter((day) => day >= from && day <= to);
  const start = shown.length === 0 ? 0 : days.indexOf(shown[0]!);
  const state = to < today ? 'over' : from > today ? 'coming' : 'live';
  const words =
    rule.validity?.from === undefined && rule.validity?.to === undefined
      ? t('price.always')
      : `${rule.validity.from ?? '…'} – ${rule.validity.to ?? '…'}`;
  return (
    <div className="calendar-row">
      <Link to={{ page: 'prices', tab: 'promotions', rule: rule.id }} className="calendar-name">
        {itemName(rule, locale)}
      </Link>
      <div className="calendar-bar">
        {shown.length > 0 && (
          <b
            className={`calendar-${state}`}
            style={{
              left: `${(100 * start) / days.length}%`,
              width: `${(100 * shown.length) / days.length}%`,
            }}
          >
            <span>
              {t(`price.${state}`)} · {words}
            </span>
          </b>
        )}
        <i className="calendar-today" style={{ left: `${(100 * BACK) / days.length}%` }} />
      </div>
    </div>
  );
}
