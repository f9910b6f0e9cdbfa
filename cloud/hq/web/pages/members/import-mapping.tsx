/** What each column of a file means, with some of its values to see it by. */
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';

export interface ImportPreview {
  readonly format: string;
  readonly encoding: string | null;
  readonly sheet: string | null;
  readonly rows: number;
  readonly columns: readonly {
    readonly header: string;
    readonly target: string | null;
    readonly sample: readonly string[];
  }[];
  readonly targets: readonly string[];
}

export interface MappingProps {
  readonly preview: ImportPreview;
  readonly mapping: Readonly<Record<string, string | null>>;
  readonly onMap: (header: string, target: string | null) => void;
}

export function ColumnMapping({ preview, mapping, onMap }: MappingProps) {
  const { t } = useTranslation();
  return (
    <div className="scroll-x">
      <table className="small-table">
        <thead>
          <tr>
            <th>{t('member.column')}</th>
            <th>{t('member.means')}</th>
            <th>{t('member.sampleValues')}</th>
          </tr>
        </thead>
        <tbody>
          {preview.columns.map(({ header, sample }) => (
            <tr key={header}>
              <td>
                <b>{header}</b>
              </td>
              <td>
                <Select
                  style={{ minWidth: 176 }}
                  value={mapping[header] ?? ''}
                  aria-label={`${header} ${t('member.means')}`}
                  data-testid={`map-${header}`}
                  options={[
                    { value: '', label: t('member.leftOut') },
                    ...preview.targets.map((target) => ({ value: target, label: target })),
                  ]}
                  onChange={(target) => onMap(header, target === '' ? null : target)}
                />
              </td>
              <td className="muted num">
                {sample
                  .filter((one) => one !== '')
                  .slice(0, 3)
                  .join(' · ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
