/**
 * The chain of `npm start`, run for a test on free ports and a folder of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Chain {
  readonly hqUrl: string;
  /** With its token. */
  readonly tillUrl: string;
  readonly readyMs: number;
  /** Everything it printed so far. */
  words(): string;
  stop(): Promise<number | null>;
}

const START = fileURLToPath(new URL('../../src/tools/start.ts', import.meta.url));

export async function startChain(args: readonly string[] = []): Promise<Chain> {
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-e2e-'));
  chmodSync(folder, 0o711);
  const port = await freePort();
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    [
      START,
      '--port',
      String(port),
      '--data',
      path.join(folder, 'data'),
      '--no-open',
      '--no-history',
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => {
    words += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString('utf8');
  });
  await ready(child, () => words);
  return {
    hqUrl: /http:\/\/\S+/.exec(words.slice(words.indexOf('HQ console')))![0],
    tillUrl: /http:\/\/\S+#token=\S+/.exec(words)![0],
    readyMs: performance.now() - startedMs,
    words: () => words,
    stop: async () => {
      const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      const code = await gone;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

async function ready(child: ChildProcess, words: () => string): Promise<void> {
  const deadline = performance.now() + 90_000;
  while (!/^ready$/m.test(words())) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`the chain did not start:\n${words()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A port such that the ten after it are likely free too: the tills listen there. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port > 64_000 ? port - 2_000 : port;
}
