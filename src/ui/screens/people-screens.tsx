/**
 * People: signing on at a till that nobody uses, switching without losing the basket, signing off, and training.
 */
import { useTill } from '../till-screen.ts';
import { Bands } from './bands.tsx';
import { DialogFrame } from './dialog-frame.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';
import { MessageLine } from './message-bar.tsx';
import { PinForm } from './pin-form.tsx';
import { StateBar } from './state-bar.tsx';

export function SignOnScreen() {
  const { view, say, selling } = useTill();
  const { basket, holds } = view;
  const waiting = holds.length + (basket.lines.length > 0 ? 1 : 0);
  return (
    <div className="sign-on">
      <div className="top">
        <StateBar />
        <Bands />
      </div>
      <main className="card" data-testid="sign-on">
        <h1>{say('people.signOnTitle')}</h1>
        <p className="sign-on-hint">
          {waiting > 0 ? say('people.waiting', { n: waiting }) : say('people.signOnHint')}
        </p>
        <SignOnForm />
        <div className="dialog-message">
          {selling.message === null ? null : (
            <MessageLine message={selling.message} messageNo={selling.messageNo} />
          )}
        </div>
      </main>
    </div>
  );
}

function SignOnForm() {
  const { view, say, ask, dispatch } = useTill();
  return (
    <PinForm
      permission={null}
      exceptId={view.people.state === 'signed_on' ? view.cashier.id : null}
      action={say('people.signOn')}
      send={async (who) => {
        if ((await ask('signOn', who)) === null) return false;
        dispatch({ type: 'close' });
        dispatch({ type: 'worked' });
        return true;
      }}
    />
  );
}

export function PeopleDialog() {
  const { view, say, ask, dispatch } = useTill();
  const { people, training, cashier } = view;
  const train = async () => {
    if ((await ask('setTraining', { on: !training })) !== null) dispatch({ type: 'close' });
  };
  const signOff = async () => {
    if ((await ask('signOff', {})) !== null) dispatch({ type: 'close' });
  };
  const open = people.state === 'open';
  return (
    <DialogFrame
      title={say('people.title')}
      size={open ? 'medium' : 'wide'}
      testId="people-dialog"
      onScan={() => undefined}
      onKey={({ key, repeat }) => {
        if (repeat || (key !== 'F2' && key !== 'F3')) return false;
        if (key === 'F3') void train();
        else if (!open) void signOff();
        return true;
      }}
    >
      <div className="people-now">
        <span className="avatar">{Array.from(cashier.name)[0]}</span>
        <p>
          <b>{cashier.name}</b>
          <small>{people.roleName ?? say('people.openHint')}</small>
        </p>
        <button type="button" className="button" data-testid="training" onClick={() => void train()}>
          <Icon name="training" /> {say(training ? 'training.stop' : 'training.start')} <Key name="F3" />
        </button>
        {open ? null : (
          <button type="button" className="button" data-testid="sign-off" onClick={() => void signOff()}>
            <Icon name="lock" /> {say('people.signOff')} <Key name="F2" />
          </button>
        )}
      </div>
      {open ? null : (
        <>
          <h3 className="people-switch">{say('people.switch')}</h3>
          <SignOnForm />
        </>
      )}
    </DialogFrame>
  );
}
