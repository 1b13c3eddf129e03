import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

const TICK_MS = 250;
/** Longer than a busy process is late. */
const STILL_MS = 2000;
/** After it, what had waited is read, and with it who hung up. */
const SETTLE_MS = 50;

/**
 * A process that stood still (SIGSTOP, a paused machine) finds requests whose clients gave up long ago, and by now have asked another
 * gateway. To carry them out would repeat and overwrite: an old refresh token that comes again ends its session. Where the process
 * stood still a moment ago, a request that changes something is looked at once more before it begins.
 */
export function dropAbandoned(adapter: FastifyAdapter, stillMs = STILL_MS): FastifyAdapter {
  const pulse = new Pulse(stillMs);
  const fastify = adapter.getInstance();
  fastify.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.method === 'GET' || !pulse.wasStill) return undefined;
    await sleep(SETTLE_MS);
    if (!isGone(request.raw.socket)) return undefined;
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  });
  fastify.addHook('onClose', async () => pulse.stop());
  return adapter;
}

const isGone = (socket: Socket): boolean => socket.destroyed || socket.readableEnded || !socket.writable;

/** Notices that the process stood still. */
class Pulse {
  private beatAt = performance.now();
  private wokeAt = -Infinity;
  private readonly timer = setInterval(() => this.beat(), TICK_MS).unref();

  constructor(private readonly stillMs: number) {}

  /** Now, when nothing else had its turn yet, or until a moment ago. */
  get wasStill(): boolean {
    const now = performance.now();
    return now - this.beatAt > this.stillMs || now - this.wokeAt < this.stillMs;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private beat(): void {
    const now = performance.now();
    if (now - this.beatAt > this.stillMs) this.wokeAt = now;
    this.beatAt = now;
  }
}
