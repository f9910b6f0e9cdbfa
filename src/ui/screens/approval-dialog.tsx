/**
 * Approval: somebody who may lets one call pass. Who, why, PIN; all three go into the journal.
 */
import { useRef, useState } from 'react';
import type { Approval } from '../approval.ts';
import { useTill } from '../till-screen.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { PinForm } from './pin-form.tsx';
import { ReasonField } from './reason-field.tsx';

export function ApprovalDialog({ approval }: { readonly approval: Approval }) {
  const { view, say, ask, dispatch } = useTill();
  const { permission, done } = approval;
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const cancel = () => {
    dispatch({ type: 'message', message: { kind: 'not_approved' } });
    done(null);
  };
  return (
    <DialogFrame
      title={say('approval.title')}
      size="wide"
      testId="approval-dialog"
      covers
      onBack={cancel}
      onScan={() => undefined}
    >
      <p className="approval-what">
        <Icon name="lock" size={24} />
        <strong>{say(`may.${permission}`)}</strong>
        <span>{say('approval.needs', { name: view.cashier.name })}</span>
      </p>
      <PinForm
        permission={permission}
        action={say('approval.confirm')}
        notYet={() => {
          if (reason.trim() !== '') return false;
          field.current?.focus();
          return true;
        }}
        send={async ({ staffId, pin }) => {
          const given = await ask('approve', { staffId, pin, permission, reason: reason.trim() });
          if (given === null) return false;
          dispatch({ type: 'worked' });
          done(given.approvalId);
          return true;
        }}
      >
        <ReasonField
          of="approval"
          testId="approval-reason"
          fieldRef={field}
          reason={reason}
          setReason={setReason}
        />
      </PinForm>
    </DialogFrame>
  );
}
