/** The one-time code of a till: large, and as a QR code that its scanner or a phone reads. */
import { QRCode } from 'antd';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { EnrolmentCode } from '../../../schemas.ts';
import { dateMinute } from '../../format/date.ts';

export function EnrolCode({ made }: { readonly made: z.infer<typeof EnrolmentCode> }) {
  const { t } = useTranslation();
  return (
    <div className="note-box qr-beside" role="status">
      {/* What it says stands beside it in words. */}
      <span aria-hidden="true">
        <QRCode value={made.code} size={136} bordered={false} color="#000" bgColor="#fff" />
      </span>
      <div>
        <p>{t('fleet.codeIs')}</p>
        <p className="big-code num" data-testid="enrol-code">
          {made.code}
        </p>
        <p className="muted">{t('fleet.codeUntil', { time: dateMinute(made.expiresAtMs, undefined) })}</p>
        <p className="muted num">
          npx counterfoil enrol --cloud {location.origin} --code {made.code} --data FOLDER
        </p>
      </div>
    </div>
  );
}
