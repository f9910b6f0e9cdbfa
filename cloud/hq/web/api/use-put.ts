/**
 * Putting a thing at its address with a way back: what stood there is put there again, if nobody has changed it since.
 */
import { useTranslation } from 'react-i18next';
import { useToast } from '../parts/toast.tsx';
import { madeFrom } from './client.ts';
import { answerOf, refresh } from './query-cache.ts';
import { type Sending, useSend } from './use-send.ts';

export interface Put {
  readonly body: unknown;
  /** The answer that the change was made from. */
  readonly read: unknown;
  /** What takes it back, as it is to be put; left out: there is no way back. */
  readonly back?: (() => unknown) | undefined;
  /** What was done; left out: that it is saved. */
  readonly text?: string;
  /** What else hangs on it and is to be asked for again. */
  readonly also?: readonly string[];
}

/** @returns `put`, which tells whether HQ took it */
export function usePut(path: string): Omit<Sending, 'send'> & { put: (put: Put) => Promise<boolean> } {
  const { t } = useTranslation();
  const { send, ...rest } = useSend();
  const toast = useToast();
  const put = async ({ body, read, back, text, also = [] }: Put) => {
    const again = () => Promise.all([path, ...also].map(refresh));
    if ((await send('PUT', path, body, madeFrom(read))) === null) return false;
    await again();
    const made = answerOf(path).data;
    const undo = async () => {
      const undone = (await send('PUT', path, back!(), madeFrom(made))) !== null;
      await again();
      if (!undone) toast({ text: t('shell.undoFailed') });
    };
    toast({ text: text ?? t('shell.saved'), ...(back === undefined ? {} : { undo }) });
    return true;
  };
  return { ...rest, put };
}
