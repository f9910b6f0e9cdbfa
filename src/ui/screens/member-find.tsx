/**
 * Finding a member by phone or its end, card, name or pinyin initials; each hit is one key away.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { MemberHit } from '../../till/api.ts';
import { pressPad } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import { ChoiceRow } from './scan-box.tsx';

/** As many as have a key of their own: F1 to F8. */
const HITS_MAX = 8;
/** Between keys of a person typing; a search for each key would only be thrown away. */
const SEARCH_AFTER_MS = 120;

export function FindMember(props: {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly onEnrol: () => void;
}) {
  const { say, ask, dispatch } = useTill();
  const { text, setText } = props;
  const search = useMemberSearch(text);
  const [index, setIndex] = useState(0);
  const hits = search.hits ?? [];
  const active = Math.min(index, hits.length - 1);

  const pick = async (memberId: string) => {
    if ((await ask('setMember', { memberId })) !== null) dispatch({ type: 'close' });
  };
  const onKey = async (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const row = /^F([1-8])$/.exec(event.key)?.[1];
    if (row !== undefined) {
      const hit = hits[Number(row) - 1];
      if (hit !== undefined) await pick(hit.id);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIndex(Math.max(0, Math.min(hits.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // A scanned card ends with Enter before the search has run.
      const found = search.hits === null ? await search.now(text) : hits;
      const hit = search.hits === null ? (found.length === 1 ? found[0] : undefined) : found[active];
      if (hit !== undefined) await pick(hit.id);
    }
  };
  const nobody = text.trim() !== '' && search.hits !== null && hits.length === 0;
  return (
    <div className="find">
      <div className="find-main">
        <label className="number-field">
          <span>{say('member.query')}</span>
          <input
            data-testid="member-query"
            type="text"
            autoComplete="off"
            spellCheck={false}
            data-first
            value={text}
            onKeyDown={(event) => void onKey(event)}
            onChange={(event) => {
              setIndex(0);
              setText(event.target.value);
            }}
          />
        </label>
        <div className="find-list" role="listbox" aria-label={say('choices.members')}>
          {hits.map((member, at) => (
            <ChoiceRow
              key={member.id}
              choice={{ kind: 'member', member }}
              active={at === active}
              keyName={`F${at + 1}`}
              testId={`member-hit-${at}`}
              onPick={() => void pick(member.id)}
            />
          ))}
          {hits.length === 0 ? (
            <p className="find-empty">
              <Icon name="user" size={32} />
              {say(nobody ? 'member.notFound' : 'member.searchHint')}
            </p>
          ) : null}
        </div>
        <button
          type="button"
          className={nobody ? 'button primary' : 'button'}
          data-testid="enrol-open"
          onClick={props.onEnrol}
        >
          <Icon name="plus" /> {say('enrol.open')} <Key name="F9" />
        </button>
      </div>
      <NumberPad
        point={false}
        onPress={(key) => {
          setIndex(0);
          setText(key === '0' || key === '00' ? text + key : pressPad(text, key, 0));
        }}
      />
    </div>
  );
}

interface MemberSearch {
  /** Null while the answer for this text has not come. */
  readonly hits: readonly MemberHit[] | null;
  readonly now: (text: string) => Promise<readonly MemberHit[]>;
}

function useMemberSearch(text: string): MemberSearch {
  const { ask } = useTill();
  const [answer, setAnswer] = useState<{ text: string; hits: readonly MemberHit[] }>({ text: '', hits: [] });
  const now = async (query: string) => {
    const hits = await ask('searchMembers', { text: query.trim(), limit: HITS_MAX });
    setAnswer({ text: query, hits: hits ?? [] });
    return hits ?? [];
  };
  const latest = useRef(now);
  latest.current = now;
  useEffect(() => {
    if (text.trim() === '') return;
    const timer = setTimeout(() => void latest.current(text), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  if (text.trim() === '') return { hits: [], now };
  return { hits: answer.text === text ? answer.hits : null, now };
}
