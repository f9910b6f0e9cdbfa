/** The rule set that the tills use, and the draft beside it. */
import { useState } from 'react';
import type { RuleSet } from '../../../../../src/core/promotion.ts';
import { parseRuleSet } from '../../../../../src/core/promotion-check.ts';
import type { RuleProblem } from '../../../../../src/core/promotion-reader.ts';
import { useQuery } from '../../api/use-query.ts';
import { dropDraft, EMPTY_SET, keepDraft, keptDraft } from './draft.ts';

export const RULES = '/api/v1/rules';

export function useRules() {
  return useQuery<{ rules: RuleSet | null }>(RULES);
}

export interface Draft {
  readonly current: RuleSet;
  readonly set: RuleSet;
  readonly problems: readonly RuleProblem[];
  readonly change: (set: RuleSet) => void;
  readonly discard: () => void;
}

/** @param loaded what HQ answered */
export function useDraft(loaded: RuleSet | null): Draft {
  const current = loaded ?? EMPTY_SET;
  const [draft, setDraft] = useState<{ from: string; set: RuleSet } | null>(null);
  const set = draft?.from === current.version ? draft.set : (keptDraft(current) ?? current);
  const parsed = parseRuleSet(set);
  return {
    current,
    set,
    problems: parsed.ok ? [] : parsed.error,
    change: (next) => {
      keepDraft(current, next);
      setDraft({ from: current.version, set: next });
    },
    discard: () => {
      dropDraft();
      setDraft({ from: current.version, set: current });
    },
  };
}
