/** The rule as blocks: groups in groups, conditions in them; each may be negated or taken off. */
import { Button, Dropdown, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/icons.tsx';
import { ConditionEditor, type Sources } from './condition-editor.tsx';
import { added, blankOf, groupOf, isCondition, type Path, type Rule, replaced } from './rule-tree.ts';

export interface BuilderProps {
  readonly rule: Rule;
  readonly sources: Sources;
  readonly onChange: (rule: Rule) => void;
}

export function RuleBuilder({ rule, sources, onChange }: BuilderProps) {
  // The outermost is always a group, so that there is a place to add to.
  const whole = groupOf(rule) === null ? ({ all: [rule] } as Rule) : rule;
  return (
    <Node
      rule={whole}
      path={[]}
      sources={sources}
      change={(path, next) => onChange(replaced(whole, path, next) ?? { all: [] })}
      add={(path, child) => onChange(added(whole, path, child))}
    />
  );
}

interface NodeProps {
  readonly rule: Rule;
  readonly path: Path;
  readonly sources: Sources;
  readonly change: (path: Path, next: Rule | null) => void;
  readonly add: (path: Path, child: Rule) => void;
}

function Node(props: NodeProps) {
  const { rule, path, sources, change } = props;
  const { t } = useTranslation();
  if (isCondition(rule)) {
    return (
      <div className="rule-condition" data-testid={`condition-${rule.source}`}>
        <span className="rule-source">{t(`segment.source_${rule.source}` as 'segment.source_rfm')}</span>
        <ConditionEditor condition={rule} sources={sources} onChange={(next) => change(path, next)} />
        <Tools path={path} rule={rule} change={change} />
      </div>
    );
  }
  if ('not' in rule) {
    return (
      <div className="rule-not">
        <span className="tag tag-warn">{t('segment.not')}</span>
        <Node {...props} rule={rule.not as Rule} path={[...path, 0]} />
        <Button type="text" size="small" onClick={() => change(path, rule.not as Rule)}>
          {t('segment.negate')}
        </Button>
      </div>
    );
  }
  return <Group {...props} />;
}

function Group(props: NodeProps) {
  const { rule, path, sources, change, add } = props;
  const { t } = useTranslation();
  const { kind, of } = groupOf(rule)!;
  return (
    <div className="rule-group">
      <div className="rule-head">
        <Segmented<'all' | 'any'>
          size="small"
          value={kind}
          options={[
            { value: 'all', label: t('segment.all') },
            { value: 'any', label: t('segment.any') },
          ]}
          onChange={(next) => change(path, { [next]: of } as Rule)}
        />
        {path.length > 0 && <Tools path={path} rule={rule} change={change} />}
      </div>
      {of.map((child, index) => (
        // A rule has no ids: its place is what it is known by.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Node key={index} {...props} rule={child} path={[...path, index]} />
      ))}
      <div className="rule-add">
        <Dropdown
          trigger={['click']}
          menu={{
            items: sources.sources.map(({ source }) => ({
              key: source,
              label: t(`segment.source_${source}` as 'segment.source_rfm'),
            })),
            onClick: ({ key }) => add(path, blankOf(key)),
          }}
        >
          <Button size="small" icon={<Icon name="plus" />} data-testid="add-condition">
            {t('segment.addCondition')}
          </Button>
        </Dropdown>
        {path.length < 5 && (
          <Button
            size="small"
            type="text"
            onClick={() => add(path, { [kind === 'all' ? 'any' : 'all']: [blankOf('lifecycle')] } as Rule)}
          >
            {t('segment.addGroup')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Tools({ rule, path, change }: Pick<NodeProps, 'rule' | 'path' | 'change'>) {
  const { t } = useTranslation();
  return (
    <span className="rule-tools">
      <Button type="text" size="small" onClick={() => change(path, { not: rule })}>
        {t('segment.negate')}
      </Button>
      <button
        type="button"
        className="tool-button"
        aria-label={t('segment.takeOff')}
        onClick={() => change(path, null)}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}
