/**
 * Counts what HQ's HTTP server answered, by route and status. Routes are patterns, so their number is that of the program.
 */
import type { FastifyInstance } from 'fastify';
import { counter, type Metric } from '../../src/core/prometheus.ts';

interface Count {
  readonly route: string;
  readonly method: string;
  readonly status: string;
  answers: number;
  ms: number;
}

export class HttpMeter {
  private readonly counts = new Map<string, Count>();

  /** Before the routes are: hooks hold for what comes after them. */
  watch(app: FastifyInstance): void {
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'none';
      // 200 and 204 are the same news, 404 and 409 are not.
      const status =
        reply.statusCode < 400 ? `${Math.floor(reply.statusCode / 100)}xx` : String(reply.statusCode);
      const key = `${request.method} ${route} ${status}`;
      const count = this.counts.get(key) ?? { route, method: request.method, status, answers: 0, ms: 0 };
      count.answers++;
      count.ms += reply.elapsedTime;
      this.counts.set(key, count);
    });
  }

  metrics(): Metric[] {
    const values = (of: (count: Count) => number) =>
      [...this.counts.values()].map((count) => {
        const { route, method, status } = count;
        return { labels: { route, method, status }, value: of(count) };
      });
    return [
      counter(
        'counterfoil_http_answers_total',
        'Answers by route and status.',
        values(({ answers }) => answers),
      ),
      counter(
        'counterfoil_http_answer_seconds_total',
        'Time they took.',
        values(({ ms }) => ms / 1_000),
      ),
    ];
  }
}
