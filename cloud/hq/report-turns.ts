/**
 * Turns for what reads many sales: so many at a time, and who has hung up meanwhile is left out.
 *
 * A page asks several such questions at once, and somebody who clicks on leaves them behind. Without turns they took every
 * connection of the pool: the pushes of tills waited behind figures that nobody looked at any more.
 */
import type { FastifyInstance } from 'fastify';

/** Leaves most of the pool, and of two processors one, to everything else. */
const AT_ONCE = 2;

const LONG_READS = /^\/api\/v1\/(?:reports|rfm|figures|fraud-lens)(?:\/|$)/;

export function reportTurns(app: FastifyInstance): void {
  const waiting: (() => void)[] = [];
  let free = AT_ONCE;
  const turn = (): Promise<void> => {
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const pass = () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  app.addHook('onRoute', (route) => {
    if (route.method !== 'GET' || !LONG_READS.test(route.url)) return;
    const { handler } = route;
    route.handler = async function (request, reply) {
      await turn();
      try {
        // Nobody is there to hear it: nothing is asked, nothing is sent.
        if (reply.raw.destroyed) return void reply.hijack();
        return await handler.call(this, request, reply);
      } finally {
        pass();
      }
    };
  });
}
