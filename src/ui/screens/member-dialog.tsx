/**
 * Member: found by phone, card or name; the sale is priced again with the member's benefits.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { MemberHit } from '../../till/api.ts';
import { pressPad } from '../amount.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { NumberPad } from './number-pad.tsx';
import { ChoiceRow } from './scan-box.tsx';

const HITS_MAX = 8;
/** Between keys of a person typing; a search for each key would only be thrown away. */
const SEARCH_AFTER_MS = 120;

export function MemberDialog() {
  const { view, say, ask, dispatch } = useTill();
  const [text, setText] = useState('');
  const search = useMemberSearch(text);
  const [index, setIndex] = useState(0);
  useCloseOnScannedMember();
  const hits = search.hits ?? [];
  const active = Math.min(index, hits.length - 1);

  const set = async (memberId: string | null) => {
    if ((await ask('setMember', { memberId })) !== null) dispatch({ type: 'close' });
  };
  const onKey = async (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIndex(Math.max(0, Math.min(hits.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Delete' && text === '' && view.member !== null) {
      event.preventDefault();
      await set(null);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // A scanned card ends with Enter before the search has run.
      const found = search.hits === null ? await search.now(text) : hits;
      const hit = search.hits === null ? (found.length === 1 ? found[0] : undefined) : found[active];
      if (hit !== undefined) await set(hit.id);
    }
  };
  return (
    <DialogFrame title={say('member.find')} size="wide" testId="member-dialog">
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
                testId={`member-hit-${at}`}
                onPick={() => void set(member.id)}
              />
            ))}
            {hits.length === 0 ? (
              <p className="find-empty">
                <Icon name="user" size={32} />
                {say(text.trim() !== '' && search.hits !== null ? 'member.notFound' : 'member.searchHint')}
              </p>
            ) : null}
          </div>
          {view.member === null ? null : (
            <button
              type="button"
              className="button"
              data-testid="member-remove"
              onClick={() => void set(null)}
            >
              {view.member.name}: {say('member.remove')} <Key name="Del" />
            </button>
          )}
        </div>
        <NumberPad
          point={false}
          onPress={(key) => {
            setIndex(0);
            setText(key === '0' || key === '00' ? text + key : pressPad(text, key, 0));
          }}
        />
      </div>
    </DialogFrame>
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

/** A card scanned over the serial line has answered the question. */
function useCloseOnScannedMember(): void {
  const { view, dispatch } = useTill();
  const first = useRef(view.member?.id ?? null);
  const memberId = view.member?.id ?? null;
  useEffect(() => {
    if (memberId !== null && memberId !== first.current) dispatch({ type: 'close' });
  }, [memberId, dispatch]);
}
