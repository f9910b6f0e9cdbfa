/**
 * Picking a day or a range. Dates go in and out as `YYYY-MM-DD`; the calendar's own type stays in this file.
 */
import { Button, DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { addDays, datesBetween, formatDay } from '../format/date.ts';
import { useLocale } from '../i18n/i18n.ts';
import { Icon } from './icons.tsx';

const ISO = 'YYYY-MM-DD';

export interface DayStepperProps {
  readonly date: string;
  /** The newest day there is: no trade has happened after it. */
  readonly newest: string;
  readonly onPick: (date: string) => void;
}

/** One day with a step back and forth. */
export function DayStepper({ date, newest, onPick }: DayStepperProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className="stepper">
      <Button
        type="text"
        aria-label={t('today.previousDay')}
        icon={<Icon name="back" />}
        onClick={() => onPick(addDays(date, -1))}
      />
      <DatePicker
        value={dayjs(date)}
        format={(value) => formatDay(value.format(ISO), locale)}
        allowClear={false}
        inputReadOnly
        variant="borderless"
        suffixIcon={null}
        aria-label={t('today.pickDay')}
        disabledDate={(day) => day.format(ISO) > newest}
        onChange={(day: Dayjs | null) => day && onPick(day.format(ISO))}
      />
      <Button
        type="text"
        aria-label={t('today.nextDay')}
        icon={<Icon name="next" />}
        disabled={date >= newest}
        onClick={() => onPick(addDays(date, 1))}
      />
    </div>
  );
}

export interface DayFieldProps {
  readonly date: string | undefined;
  readonly newest: string;
  readonly placeholder: string;
  readonly onPick: (date: string | undefined) => void;
}

/** A day that may be left open. */
export function DayField({ date, newest, placeholder, onPick }: DayFieldProps) {
  return (
    <DatePicker
      value={date === undefined ? null : dayjs(date)}
      format={ISO}
      inputReadOnly
      placeholder={placeholder}
      aria-label={placeholder}
      disabledDate={(day) => day.format(ISO) > newest}
      onChange={(day: Dayjs | null) => onPick(day?.format(ISO))}
    />
  );
}

export interface RangeFieldProps {
  readonly from: string;
  readonly to: string;
  readonly newest: string;
  /** The longest range that one answer holds. */
  readonly daysMax: number;
  readonly onPick: (from: string, to: string) => void;
}

export function RangeField({ from, to, newest, daysMax, onPick }: RangeFieldProps) {
  const { t } = useTranslation();
  const disabled = (day: Dayjs, first: Dayjs | undefined) => {
    const date = day.format(ISO);
    if (date > newest) return true;
    if (first === undefined) return false;
    const [early, late] = [date, first.format(ISO)].sort() as [string, string];
    return datesBetween(early, late).length > daysMax;
  };
  return (
    <DatePicker.RangePicker
      value={[dayjs(from), dayjs(to)]}
      format={ISO}
      allowClear={false}
      inputReadOnly
      placeholder={[t('days.from'), t('days.to')]}
      disabledDate={(day, info) => disabled(day, info.from)}
      onChange={(range) => {
        const [first, last] = [range?.[0], range?.[1]];
        if (first && last) onPick(first.format(ISO), last.format(ISO));
      }}
    />
  );
}
