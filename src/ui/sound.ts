/**
 * Sounds: a short high tone for a good scan, a longer low one for a bad scan, so that eyes can stay on the goods.
 *
 * Browsers keep sound off until a person touched the page; until then this is silent.
 */
const MUTE_KEY = 'counterfoil-till-muted';

let context: AudioContext | null = null;
let muted = localStorage.getItem(MUTE_KEY) === '1';

/** Call on a gesture. */
export function wakeSound(): void {
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
}

export function isMuted(): boolean {
  return muted;
}

export function setMuted(value: boolean): void {
  muted = value;
  localStorage.setItem(MUTE_KEY, value ? '1' : '0');
}

export function beep(level: 'good' | 'bad'): void {
  if (level === 'good') tone({ frequencyHz: 1_560, lengthMs: 60, volume: 0.12 });
  else tone({ frequencyHz: 196, lengthMs: 220, volume: 0.3 });
}

function tone(sound: { frequencyHz: number; lengthMs: number; volume: number }): void {
  if (muted || context === null || context.state !== 'running') return;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  const end = context.currentTime + sound.lengthMs / 1_000;
  oscillator.type = sound.frequencyHz < 400 ? 'square' : 'sine';
  oscillator.frequency.value = sound.frequencyHz;
  gain.gain.setValueAtTime(sound.volume, context.currentTime);
  // Fading out over the tone leaves no click at its end.
  gain.gain.exponentialRampToValueAtTime(0.001, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start();
  oscillator.stop(end);
}
