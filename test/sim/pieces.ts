/**
 * Seeds shared out among processes: each takes the next piece when it has done one. A process ends with its piece, so that a thousand
 * seeds need no more memory than one.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunResult, Tally } from './run.ts';

/** Starting one costs two seconds, a seed a second. */
const PIECE_SEEDS = 20;
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** @returns the seeds that failed; their words go to stderr as they come */
export async function runPieces(seeds: readonly number[], jobs: number, tally: Tally): Promise<number[]> {
  const pieces = piecesOf(seeds);
  const failed: number[] = [];
  const worker = async () => {
    for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
      const result = await runPiece(piece);
      tally.merge(result);
      failed.push(...result.failures.map(({ seed }) => seed));
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return failed.toSorted((a, b) => a - b);
}

interface Piece {
  readonly from: number;
  readonly seeds: number;
}

/** Runs of numbers that follow each other, in their order. */
export function piecesOf(seeds: readonly number[]): Piece[] {
  const pieces: { from: number; seeds: number }[] = [];
  for (const seed of seeds) {
    const last = pieces.at(-1);
    if (last !== undefined && last.from + last.seeds === seed && last.seeds < PIECE_SEEDS) last.seeds++;
    else pieces.push({ from: seed, seeds: 1 });
  }
  return pieces;
}

async function runPiece({ from, seeds }: Piece): Promise<RunResult> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, MAIN, '--from', String(from), '--seeds', String(seeds), '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const line = printed.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{'))
    throw new Error(`seeds from ${from}: the process ended with ${code} and no result`);
  return JSON.parse(line) as RunResult;
}
