import type { Conversation } from '../api.js';
import type { Clockwork, Rest } from '../ports.js';
import type { Replica } from '../store/replica.js';
import type { TimelinePatch } from '../store/shapes.js';
import { delayOf, isGone, isOver, isRetryable } from './errors.js';
import type { Ledger } from './ledger.js';

const PAGE = 100;
/** Further behind, the timeline is let go and read from its end when somebody looks. */
const JUMP_AFTER = 1000;

/** On the leader: asks for one conversation what pushes do not bring. One question per conversation and kind at a time. */
export class Filler {
  readonly #fills = new Map<string, { target: number; running: Promise<void> }>();
  readonly #refreshes = new Map<string, { again: boolean; running: Promise<Conversation | undefined> }>();
  #life = 0;

  constructor(
    private readonly rest: Rest,
    private readonly replica: Replica,
    private readonly ledger: Ledger,
    private readonly clockwork: Clockwork,
  ) {}

  stop(): void {
    this.#life++;
    this.#fills.clear();
    this.#refreshes.clear();
  }

  /** Reads the log from the head on, until at least `target` is applied (0: until its end). */
  fill(conversationId: string, target: number): Promise<void> {
    const known = this.#fills.get(conversationId);
    if (known !== undefined) {
      known.target = Math.max(known.target, target);
      return known.running;
    }
    const fill = { target, running: Promise.resolve() };
    this.#fills.set(conversationId, fill);
    fill.running = this.#fillNow(conversationId, fill).finally(() => {
      if (this.#fills.get(conversationId) === fill) this.#fills.delete(conversationId);
    });
    return fill.running;
  }

  /** The server's word on one conversation; undefined where I am not in it (any more). A question that comes meanwhile is asked again after it. */
  refresh(conversationId: string): Promise<Conversation | undefined> {
    const known = this.#refreshes.get(conversationId);
    if (known !== undefined) {
      if (!known.again) {
        known.again = true;
        known.running = known.running.then(() => this.#refreshNow(conversationId));
      }
      return known.running;
    }
    const refresh = { again: false, running: this.#refreshNow(conversationId) };
    this.#refreshes.set(conversationId, refresh);
    void this.#settled(conversationId, refresh);
    return refresh.running;
  }

  /** Rows after `afterSeq`, up to `to`; they are stored when this resolves. Undefined where the timeline was dropped meanwhile. */
  async page(conversationId: string, afterSeq: number, to: number): Promise<TimelinePatch | undefined> {
    const watch = this.replica.watch();
    try {
      const limit = Math.min(PAGE, to - afterSeq);
      const answer = await this.#events(conversationId, afterSeq, limit);
      const { epoch, headSeq, items } = answer;
      const known = this.replica.records.get(conversationId);
      if (known === undefined || known.head.epoch !== epoch) {
        await this.refresh(conversationId);
        return undefined;
      }
      const last = items.at(-1)?.seq ?? 0;
      const end = items.length < limit ? Math.min(to, headSeq) : Math.min(to, last);
      const cover = [afterSeq + 1, end] as const;
      return await this.ledger.page({ conversationId, cover, epoch, items, since: watch.patches });
    } finally {
      watch.stop();
    }
  }

  #events(conversationId: string, afterSeq: number, limit: number) {
    return this.rest.call('GET /conversations/{conversationId}/events', {
      params: { conversationId },
      query: { afterSeq, limit },
    });
  }

  async #fillNow(conversationId: string, fill: { target: number }): Promise<void> {
    const life = this.#life;
    for (let attempt = 0; life === this.#life; ) {
      const head = this.replica.records.get(conversationId)?.head;
      try {
        if (head === undefined) {
          if ((await this.refresh(conversationId)) === undefined) return;
          continue;
        }
        const { epoch, headSeq, items } = await this.#events(conversationId, head.seq, PAGE);
        if (life !== this.#life) return;
        if (epoch !== head.epoch || headSeq - head.seq > JUMP_AFTER) return await this.#anew(conversationId);
        this.ledger.events(conversationId, epoch, items, true);
        const now = this.replica.records.get(conversationId)?.head.seq ?? 0;
        if (now >= fill.target && now >= headSeq) return;
        if (items.length > 0) continue;
      } catch (error) {
        if (isGone(error)) return this.ledger.remove([conversationId]);
        if (isOver(error) || !isRetryable(error)) return;
        await this.#pause(delayOf(attempt++, this.clockwork.random(), error));
        continue;
      }
      await this.#pause(delayOf(attempt++, this.clockwork.random()));
    }
  }

  async #anew(conversationId: string): Promise<void> {
    const answer = await this.#ask(conversationId);
    if (answer !== undefined) this.ledger.reset(answer);
  }

  async #refreshNow(conversationId: string): Promise<Conversation | undefined> {
    const life = this.#life;
    const answer = await this.#ask(conversationId);
    if (answer === undefined || life !== this.#life) return undefined;
    const known = this.replica.records.get(conversationId);
    if (known !== undefined && known.head.epoch !== answer.epoch) this.ledger.reset(answer);
    else this.ledger.states([answer]);
    return answer;
  }

  async #ask(conversationId: string): Promise<Conversation | undefined> {
    try {
      return await this.rest.call('GET /conversations/{conversationId}', { params: { conversationId } });
    } catch (error) {
      if (!isGone(error)) throw error;
      this.ledger.remove([conversationId]);
      return undefined;
    }
  }

  async #settled(conversationId: string, refresh: { running: Promise<unknown> }): Promise<void> {
    for (let running: Promise<unknown> | undefined; running !== refresh.running; ) {
      running = refresh.running;
      await running.catch(() => {});
    }
    if (this.#refreshes.get(conversationId) === refresh) this.#refreshes.delete(conversationId);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clockwork.after(ms, resolve));
  }
}
