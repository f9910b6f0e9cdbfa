/**
 * Number pad: digits for fingers, beside a field that keys type into.
 */
import type { PadKey } from '../amount.ts';
import { useSay } from '../i18n/words.ts';
import { Icon } from './icons.tsx';

const ROWS: readonly PadKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '0', '00', '.'];

export function NumberPad(props: { readonly point: boolean; readonly onPress: (key: PadKey) => void }) {
  const say = useSay();
  return (
    <div className="pad">
      {ROWS.map((key) => (
        <PadButton key={key} name={key} label={key} disabled={key === '.' && !props.point} {...props} />
      ))}
      <PadButton name="clear" label="C" {...props} />
      <PadButton name="back" label={say('act.void')} wide {...props} />
    </div>
  );
}

function PadButton(props: {
  readonly name: PadKey;
  readonly label: string;
  readonly wide?: boolean;
  readonly disabled?: boolean;
  readonly onPress: (key: PadKey) => void;
}) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={props.wide === true ? 'pad-key wide' : 'pad-key'}
      aria-label={props.label}
      disabled={props.disabled}
      data-testid={`pad-${props.name}`}
      // The field keeps the focus: fingers and keys can take turns.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => props.onPress(props.name)}
    >
      {props.name === 'back' ? <Icon name="erase" size={24} /> : props.label}
    </button>
  );
}
