/** A short word at the foot of the page: what was done, and for some seconds the way back. */
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

export interface Toast {
  readonly text: string;
  /** Takes it back; shown for as long as the word is. */
  readonly undo?: () => void | Promise<void>;
}

/** Long enough to read it and to change one's mind. */
const UNDO_S = 10;
const WORD_S = 4;

let count = 0;

export function useToast(): (toast: Toast) => void {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  return ({ text, undo }) => {
    const key = `toast ${++count}`;
    notification.open({
      key,
      placement: 'bottomRight',
      duration: undo === undefined ? WORD_S : UNDO_S,
      title: <span data-testid="toast">{text}</span>,
      ...(undo === undefined
        ? {}
        : {
            actions: (
              <Button
                size="small"
                type="primary"
                data-testid="undo"
                onClick={() => {
                  notification.destroy(key);
                  void undo();
                }}
              >
                {t('shell.undo')}
              </Button>
            ),
          }),
    });
  };
}
