/** Days on which a member is looked at: ends of months, then today. Pure. */
import { addDays } from '../../format/date.ts';

/** @returns oldest first, none before `firstOn`, at most `months`; the last one is `today` */
export function monthEnds(firstOn: string, today: string, months: number): string[] {
  const ends = [today];
  for (
    let end = lastOfMonthBefore(today);
    ends.length < months && end >= firstOn;
    end = lastOfMonthBefore(end)
  )
    ends.unshift(end);
  return ends;
}

function lastOfMonthBefore(date: string): string {
  return addDays(`${date.slice(0, 7)}-01`, -1);
}
