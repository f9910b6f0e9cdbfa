/**
 * Device form: where one device is and how it is set up. Nothing holds before it is saved.
 */
import { type FormEvent, type ReactNode, useState } from 'react';
import type {
  DeviceBoard,
  DeviceRole,
  DeviceSetting,
  DisplaySetting,
  DrawerSetting,
  PrinterSetting,
  ScaleSetting,
  ScannerSetting,
} from '../../till/api.ts';
import { addressChoices, lineOfAddress, SERIAL_LINES, withLine } from '../device-address.ts';
import type { Say } from '../i18n/words.ts';
import { useTill } from '../till-screen.ts';
import type { Chosen } from './device-page.tsx';
import { Icon } from './icons.tsx';
import { Key } from './key.tsx';

interface FormProps {
  readonly board: DeviceBoard;
  readonly chosen: Chosen;
  readonly fixed: boolean;
  readonly save: (device: DeviceSetting) => Promise<void>;
}

export function DeviceForm(props: FormProps & { readonly addScanner: () => void }) {
  const { board, chosen } = props;
  const { settings } = board;
  switch (chosen.role) {
    case 'scanner':
      return <ScannerForm {...props} />;
    case 'printer':
      return <PrinterForm {...props} start={settings.printer} />;
    case 'drawer':
      return <DrawerForm {...props} start={settings.drawer} />;
    case 'scale':
      return <ScaleForm {...props} start={settings.scale} />;
    case 'display':
      return <DisplayForm {...props} start={settings.display} />;
    case 'customer_screen':
      return <CustomerForm {...props} />;
    case 'terminal':
      return <TerminalForm {...props} />;
  }
}

const NO_SCANNER: ScannerSetting = { address: 'none', prefix: '', suffix: 'line' };

function ScannerForm({ board, chosen, fixed, save, addScanner }: FormProps & { addScanner: () => void }) {
  const { say } = useTill();
  const { scanners } = board.settings;
  const { index } = chosen;
  const [now, set] = useState(scanners[index] ?? NO_SCANNER);
  const isKept = index < scanners.length;
  return (
    <Form fixed={fixed} save={() => save({ role: 'scanner', index, setting: now })}>
      <AddressFields
        board={board}
        use="scanner"
        address={now.address}
        setAddress={(address) => set({ ...now, address })}
      />
      <TextField
        label={say('devices.prefix')}
        hint={say('devices.prefixHint')}
        value={now.prefix}
        set={(prefix) => set({ ...now, prefix })}
        testId="device-prefix"
      />
      <Choice
        label={say('devices.suffix')}
        value={now.suffix}
        set={(suffix) => set({ ...now, suffix })}
        options={[
          ['line', say('devices.suffix.line')],
          ['none', say('devices.suffix.none')],
          ...(now.suffix === 'line' || now.suffix === 'none' ? [] : ([[now.suffix, now.suffix]] as const)),
        ]}
      />
      {fixed || !isKept ? null : (
        <>
          {scanners.length < board.scannersMax ? (
            <button type="button" className="button" data-testid="scanner-add" onClick={addScanner}>
              <Icon name="plus" /> {say('devices.addScanner')}
            </button>
          ) : null}
          <button
            type="button"
            className="button"
            data-testid="scanner-remove"
            onClick={() => void save({ role: 'scanner', index, setting: null })}
          >
            <Icon name="trash" /> {say('devices.removeScanner')}
          </button>
        </>
      )}
    </Form>
  );
}

function PrinterForm({ board, fixed, save, start }: FormProps & { readonly start: PrinterSetting }) {
  const { say } = useTill();
  const [now, set] = useState(start);
  const profile = board.profiles.find(({ id }) => id === now.profile);
  return (
    <Form fixed={fixed} save={() => save({ role: 'printer', setting: now })}>
      <AddressFields
        board={board}
        use="printer"
        address={now.address}
        setAddress={(address) => set({ ...now, address })}
      />
      <Choice
        label={say('devices.profile')}
        value={now.profile}
        set={(id) => set({ ...now, profile: id })}
        options={board.profiles.map(({ id }) => [id, id] as const)}
        testId="device-profile"
      />
      <Choice
        label={say('devices.encoding')}
        value={now.encoding ?? ''}
        set={(encoding) => set({ ...now, encoding: encoding === '' ? null : encoding })}
        options={[
          ['', say('devices.asProfile', { value: profile?.encoding ?? '' })],
          ...board.encodings.map((encoding) => [encoding, encoding] as const),
        ]}
        testId="device-encoding"
      />
      <Choice
        label={say('devices.columns')}
        value={String(now.columns ?? '')}
        set={(columns) => set({ ...now, columns: columns === '' ? null : Number(columns) })}
        options={[
          ['', say('devices.asProfile', { value: profile?.columns ?? '' })],
          ...[32, 35, 42, 48].map((columns) => [String(columns), String(columns)] as const),
        ]}
        testId="device-columns"
      />
    </Form>
  );
}

function DrawerForm({ fixed, save, start }: FormProps & { readonly start: DrawerSetting }) {
  const { say } = useTill();
  const [now, set] = useState(start);
  return (
    <Form fixed={fixed} save={() => save({ role: 'drawer', setting: now })}>
      <Choice
        label={say('devices.pin')}
        value={String(now.pin ?? '')}
        set={(pin) => set({ ...now, pin: pin === '' ? null : pin === '5' ? 5 : 2 })}
        options={[
          ['', say('devices.asProfile', { value: say('devices.pinNo', { pin: 2 }) })],
          ['2', say('devices.pinNo', { pin: 2 })],
          ['5', say('devices.pinNo', { pin: 5 })],
        ]}
      />
    </Form>
  );
}

function ScaleForm({ board, fixed, save, start }: FormProps & { readonly start: ScaleSetting }) {
  const { say } = useTill();
  const [now, set] = useState(start);
  return (
    <Form fixed={fixed} save={() => save({ role: 'scale', setting: now })}>
      <AddressFields
        board={board}
        use="scale"
        address={now.address}
        setAddress={(address) => set({ ...now, address })}
      />
      <Choice
        label={say('devices.protocol')}
        value={now.protocol}
        set={(protocol) => set({ ...now, protocol: protocol as ScaleSetting['protocol'] })}
        options={[
          ['toledo-8217', 'Toledo 8217'],
          ['cas', 'CAS / A&D'],
          ['mt-sics', 'MT-SICS'],
        ]}
        testId="device-protocol"
      />
      <Choice
        label={say('devices.unit')}
        value={now.unit}
        set={(unit) => set({ ...now, unit: unit as ScaleSetting['unit'] })}
        options={['kg', 'g', 'lb', 'oz'].map((unit) => [unit, unit] as const)}
      />
    </Form>
  );
}

function DisplayForm({ board, fixed, save, start }: FormProps & { readonly start: DisplaySetting }) {
  const { say } = useTill();
  const [now, set] = useState(start);
  return (
    <Form fixed={fixed} save={() => save({ role: 'display', setting: now })}>
      <AddressFields
        board={board}
        use="display"
        address={now.address}
        setAddress={(address) => set({ ...now, address })}
      />
      <Choice
        label={say('devices.language')}
        value={now.language}
        set={(language) => set({ ...now, language: language as DisplaySetting['language'] })}
        options={[
          ['escpos', 'ESC/POS (Epson DM-D)'],
          ['cd5220', 'CD5220'],
        ]}
      />
      <Choice
        label={say('devices.encoding')}
        value={now.encoding}
        set={(encoding) => set({ ...now, encoding })}
        options={board.encodings.map((encoding) => [encoding, encoding] as const)}
      />
    </Form>
  );
}

function CustomerForm({ board, fixed, save }: FormProps) {
  const { say } = useTill();
  const [payQr, setPayQr] = useState(board.settings.customerScreen.payQr);
  return (
    <Form fixed={fixed} save={() => save({ role: 'customer_screen', setting: { payQr } })}>
      <TextField
        label={say('devices.payQr')}
        hint={say('devices.payQrHint')}
        value={payQr}
        set={setPayQr}
        testId="device-pay-qr"
      />
    </Form>
  );
}

function TerminalForm({ board, fixed, save }: FormProps) {
  const { say } = useTill();
  const [address, set] = useState(board.settings.terminal.address);
  return (
    <Form fixed={fixed} save={() => save({ role: 'terminal', setting: { address } })}>
      <Choice
        label={say('devices.connection')}
        value={address}
        set={set}
        options={[
          ['none', say('devices.none')],
          ['virtual', say('devices.virtual')],
        ]}
        testId="device-connection"
      />
    </Form>
  );
}

// ---- parts ----

function Form(props: {
  readonly fixed: boolean;
  readonly save: () => Promise<void>;
  readonly children: ReactNode;
}) {
  const { say } = useTill();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    await props.save();
    setBusy(false);
  };
  return (
    <form className="device-form" onSubmit={submit}>
      <fieldset disabled={props.fixed}>{props.children}</fieldset>
      {props.fixed ? (
        <p className="device-note">
          <Icon name="lock" /> {say('devices.fixed')}
        </p>
      ) : (
        <button type="submit" className="button action" data-testid="device-save" disabled={busy}>
          {say('devices.save')} <Key name="Enter" />
        </button>
      )}
    </form>
  );
}

/** A plugged-in device from the list, a virtual one, or an address typed in. */
/** Addresses that are a word. */
const PLAIN: ReadonlySet<string> = new Set(['none', 'virtual', 'keyboard']);

function AddressFields(props: {
  readonly board: DeviceBoard;
  readonly use: DeviceRole;
  readonly address: string;
  readonly setAddress: (address: string) => void;
}) {
  const { board, use, address, setAddress } = props;
  const { say } = useTill();
  const choices = addressChoices(board, use);
  const known = choices.find((choice) => lineOfAddress(choice.address) === lineOfAddress(address));
  const isPlain = PLAIN.has(address);
  const [typed, setTyped] = useState(known === undefined && !isPlain);
  const value = typed ? OTHER : isPlain ? address : known?.address;
  const line = SERIAL_LINES.find((each) => address.endsWith(`@${each}`));
  return (
    <>
      <Choice
        label={say('devices.connection')}
        value={value ?? OTHER}
        set={(picked) => {
          setTyped(picked === OTHER);
          if (picked !== OTHER) setAddress(picked);
        }}
        options={[
          ['none', say('devices.none')],
          ['virtual', say('devices.virtual')],
          ...(use === 'scanner' ? ([['keyboard', say('devices.keyboard')]] as const) : []),
          ...choices.map((choice) => [choice.address, choiceText(choice, say)] as const),
          [OTHER, say('devices.other')],
        ]}
        testId="device-connection"
      />
      {typed ? (
        <TextField
          label={say('devices.address')}
          hint="serial:/dev/ttyUSB0@9600 · tcp:192.168.1.9:9100 · usb:/dev/usb/lp0"
          value={isPlain ? '' : address}
          set={setAddress}
          testId="device-address"
        />
      ) : null}
      {address.startsWith('serial:') ? (
        <Choice
          label={say('devices.line')}
          value={line ?? ''}
          set={(next) => setAddress(withLine(address, next))}
          options={[
            ...(line === undefined ? ([['', address.split('@')[1] ?? '9600']] as const) : []),
            ...SERIAL_LINES.map((each) => [each, each.toUpperCase()] as const),
          ]}
        />
      ) : null}
    </>
  );
}

const OTHER = '…';

function choiceText(
  { name, address, usedBy }: { name: string; address: string; usedBy: DeviceRole | null },
  say: Say,
): string {
  const used = usedBy === null ? '' : ` (${say('devices.usedBy', { role: say(`devices.role.${usedBy}`) })})`;
  return `${name} · ${address}${used}`;
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly testId?: string;
}) {
  return (
    <label className="device-field">
      <span>{props.label}</span>
      <select
        value={props.value}
        data-testid={props.testId}
        onChange={(event) => props.set(event.target.value)}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function TextField(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly testId: string;
}) {
  return (
    <label className="device-field">
      <span>{props.label}</span>
      <input
        value={props.value}
        autoComplete="off"
        spellCheck={false}
        data-testid={props.testId}
        onChange={(event) => props.set(event.target.value)}
      />
      <small>{props.hint}</small>
    </label>
  );
}
