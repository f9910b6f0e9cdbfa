/**
 * Who sold how much today, and the Zs of this store's tills.
 */
import { localDateTime } from '../../core/shift.ts';
import type { StorePage } from '../../till/api.ts';
import { amountText } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { DifferenceMark } from './shift-report.tsx';
import { Part } from './store-page.tsx';

export function Cashiers({ page }: { readonly page: StorePage }) {
  const { say, currency } = useTill();
  const { cashiers } = page.today;
  const amount = (amountMinor: number) => amountText(amountMinor, currency);
  return (
    <Part title={say('store.cashiers')} page={page} testId="store-cashiers">
      {cashiers.length === 0 ? (
        <p className="pay-note">{say('store.noSales')}</p>
      ) : (
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{say('store.cashier')}</th>
              <th scope="col">{say('store.tickets')}</th>
              <th scope="col">{say('report.pieces')}</th>
              <th scope="col">{say('store.sales')}</th>
              <th scope="col">{say('report.adjustment')}</th>
              <th scope="col">{say('report.refunds')}</th>
            </tr>
          </thead>
          <tbody>
            {cashiers.map((cashier) => (
              <tr key={cashier.id}>
                <th scope="row">{cashier.name}</th>
                <td className="num">{cashier.tickets}</td>
                <td className="num">{cashier.pieces}</td>
                <td className="num">{amount(cashier.netMinor)}</td>
                <td className="num">{amount(cashier.discountMinor)}</td>
                <td className="num">{cashier.refunds}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Part>
  );
}

export function ZReports({ page }: { readonly page: StorePage }) {
  const { view, say, currency } = useTill();
  const { zReports } = page;
  return (
    <Part title={say('shift.reports')} page={page} testId="store-z">
      {zReports.length === 0 ? (
        <p className="pay-note">{say('shift.noReports')}</p>
      ) : (
        <ol className="store-list">
          {zReports.map((report) => (
            <li key={`${report.tillCode} ${report.zNo}`}>
              <span className="choice-name">
                <b>
                  {report.tillCode} Z{report.zNo}
                </b>
                <small>{localDateTime(report.closedAtMs, view.timeZone)}</small>
              </span>
              <b className="num">{amountText(report.totalMinor, currency)}</b>
              <DifferenceMark differenceMinor={report.differenceMinor} />
            </li>
          ))}
        </ol>
      )}
    </Part>
  );
}
