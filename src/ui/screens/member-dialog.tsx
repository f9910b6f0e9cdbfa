/**
 * Member: the card of who buys, finding somebody else, and letting a new one join.
 */
import { useEffect, useRef, useState } from 'react';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { MemberPage } from './member-card.tsx';
import { EnrolPage } from './member-enrol.tsx';
import { FindMember } from './member-find.tsx';

export type MemberPageName = 'card' | 'find' | 'enrol';

const TITLES = {
  card: 'member.title',
  find: 'member.find',
  enrol: 'enrol.title',
} as const satisfies Readonly<Record<MemberPageName, string>>;

export function MemberDialog({ start }: { readonly start: MemberPageName }) {
  const { view, say, ask, dispatch } = useTill();
  const [page, setPage] = useState(start);
  const [busy, setBusy] = useState(false);
  // What was searched for: a number that found nobody is the phone of who joins.
  const [query, setQuery] = useState('');
  useCloseOnScannedMember();
  const { member } = view;
  const shown = page === 'card' && member === null ? 'find' : page;
  const go = (next: MemberPageName) => {
    dispatch({ type: 'worked' });
    setPage(next);
  };
  const remove = async () => {
    if ((await ask('setMember', { memberId: null })) !== null) dispatch({ type: 'close' });
  };
  const back =
    shown === start || (shown === 'find' && start === 'card' && member === null) ? undefined : start;
  return (
    <DialogFrame
      title={say(TITLES[shown])}
      size="wide"
      testId="member-dialog"
      step={shown}
      busy={busy}
      onBack={back === undefined ? undefined : () => go(back)}
      {...(shown === 'find' ? {} : { onScan: () => undefined })}
      onKey={({ key, repeat }) => {
        if (repeat) return false;
        if (shown !== 'enrol' && key === 'F9') {
          go('enrol');
          return true;
        }
        if (shown !== 'card') return false;
        if (key === 'F4') go('find');
        else if (key === 'Delete') void remove();
        else return false;
        return true;
      }}
    >
      {shown === 'card' && member !== null ? (
        <MemberPage member={member} onOther={() => go('find')} onRemove={() => void remove()} />
      ) : shown === 'enrol' ? (
        <EnrolPage query={query} busy={busy} setBusy={setBusy} />
      ) : (
        <FindMember text={query} setText={setQuery} onEnrol={() => go('enrol')} />
      )}
    </DialogFrame>
  );
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
