/**
 * Approval: a call that this cashier may not make is made once more when somebody who may has let it pass.
 */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Permission } from '../core/people.ts';
import type { TillMethod, TillParams, TillResult } from '../till/api.ts';
import { type Bridge, CallError } from './bridge.ts';

export interface Approval {
  readonly permission: Permission;
  /** The id that the till gave, or null when nobody approved. */
  readonly done: (approvalId: string | null) => void;
}

/** These carry an id of their own, so that saying them twice does no harm. */
const TWICE: readonly TillMethod[] = ['payCash', 'pay', 'payBack', 'closeShift', 'enrolMember'];

/** @returns how to call with approvals, and the one that is asked for now */
export function useApprovedCalls(bridge: Bridge) {
  const [approval, setApproval] = useState<Approval | null>(null);
  // Two calls may ask at once; the second waits for no dialog of its own and is told no.
  const open = useRef(false);
  const request = useCallback((permission: Permission) => {
    if (open.current) return Promise.resolve(null);
    open.current = true;
    return new Promise<string | null>((resolve) => {
      const done = (approvalId: string | null) => {
        open.current = false;
        setApproval(null);
        resolve(approvalId);
      };
      setApproval({ permission, done });
    });
  }, []);
  const call = useCallback(
    async <M extends TillMethod>(
      method: M,
      params: TillParams<M>,
    ): Promise<TillResult<M> | 'not_approved'> => {
      const say = (given: TillParams<M>) =>
        TWICE.includes(method) ? bridge.callTwice(method, given) : bridge.call(method, given);
      try {
        return await say(params);
      } catch (thrown) {
        const permission = wanted(thrown);
        if (permission === null) throw thrown;
        const approvalId = await request(permission);
        return approvalId === null ? 'not_approved' : say({ ...params, approvalId });
      }
    },
    [bridge, request],
  );
  return useMemo(() => ({ call, approval }), [call, approval]);
}

/** @returns the permission that the call lacked, null when it failed for another reason */
function wanted(thrown: unknown): Permission | null {
  if (!(thrown instanceof CallError) || thrown.error.kind !== 'needs_approval') return null;
  return thrown.error.permission;
}
