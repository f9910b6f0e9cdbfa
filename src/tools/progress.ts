/**
 * Progress on stderr: a bar for a person at a terminal, a line now and then for a log.
 */

export interface Progress {
  update(done: number): void;
  end(): void;
}

const BAR_CHARS = 28;
const LOG_EVERY_MS = 10_000;

export function progressOf(label: string, total: number, out: NodeJS.WriteStream = process.stderr): Progress {
  const startedMs = performance.now();
  let shownMs = 0;
  const show = (done: number, last: boolean) => {
    const nowMs = performance.now();
    if (!last && nowMs - shownMs < (out.isTTY ? 100 : LOG_EVERY_MS)) return;
    shownMs = nowMs;
    const part = total === 0 ? 1 : done / total;
    const perSecond = Math.round(done / Math.max(0.001, (nowMs - startedMs) / 1000));
    const words = `${label} ${done}/${total} ${Math.floor(part * 100)} % ${perSecond}/s`;
    if (!out.isTTY) out.write(`${words}\n`);
    else {
      const filled = Math.round(part * BAR_CHARS);
      out.write(
        `\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(BAR_CHARS - filled)} ${words}${last ? '\n' : ''}`,
      );
    }
  };
  let done = 0;
  return {
    update: (value) => {
      done = value;
      show(value, false);
    },
    end: () => show(done, true),
  };
}
