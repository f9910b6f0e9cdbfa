/** Custom fields of members. */
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../api/use-query.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';

interface CustomField {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly options?: readonly unknown[];
}

export function FieldsTab() {
  const { t } = useTranslation();
  const fields = useQuery<{ fields: CustomField[] }>('/api/v1/custom-fields');
  const columns: Column<CustomField>[] = [
    { key: 'id', title: t('price.ruleId'), value: ({ id }) => id },
    { key: 'name', title: t('setting.fieldName'), value: ({ name }) => name },
    { key: 'type', title: t('setting.fieldType'), value: ({ type }) => type },
    {
      key: 'options',
      title: t('setting.options'),
      value: ({ options = [] }) =>
        options.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(', '),
    },
  ];
  return (
    <Card
      title={t('setting.fields')}
      extra={<ExportButton name="custom-fields" rows={fields.data?.fields ?? []} columns={columns} />}
      className="card-table"
    >
      <Answered query={fields} rows={4}>
        {(list) => (
          <DataTable
            name="fields"
            rows={list.fields}
            columns={columns}
            rowKey={({ id }) => id}
            empty={<Notice icon="settings" title={t('setting.noFields')} />}
          />
        )}
      </Answered>
    </Card>
  );
}
