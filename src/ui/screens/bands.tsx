/**
 * Bands: what must not be missed, over the whole width: training, and a clock that is wrong.
 */
import { useTill } from '../till-screen.ts';
import { durationOf } from '../when.ts';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

export function Bands() {
  const { view, say, ask } = useTill();
  const { training, clock } = view;
  return (
    <>
      {training ? (
        <p className="band training" role="status" data-testid="training-band">
          <Icon name="training" size={24} />
          <b>{say('training.band')}</b>
          <span>{say('training.hint')}</span>
        </p>
      ) : null}
      {clock.state === 'ok' ? null : (
        <p className="band clock" role="alert" data-testid="clock-band">
          <Icon name="clock" size={24} />
          <span>
            <b>{clockText()}</b> {say('clock.todo')}
          </span>
          <button
            type="button"
            className="button small"
            data-testid="clock-seen"
            onClick={() => void ask('clockSeen', {})}
          >
            {say('clock.seen')} <Key name="⇧F1" />
          </button>
        </p>
      )}
    </>
  );

  function clockText(): string {
    const { unit, n } = durationOf(Math.abs(clock.byMs));
    const span = say(`span.${unit}`, { n });
    const ahead = clock.byMs >= 0;
    if (clock.state === 'jumped') return say(ahead ? 'clock.jumpedAhead' : 'clock.jumpedBack', { span });
    return say(ahead ? 'clock.ahead' : 'clock.behind', { span });
  }
}
