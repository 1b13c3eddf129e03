import type { AnswerOf, CommandOutput, Conversation, EventPayload } from '../api.js';
import { State } from '../observable.js';
import type { Clockwork, Realtime, Rest } from '../ports.js';
import type { Replica } from '../store/replica.js';
import { delayOf, isOver } from './errors.js';
import type { Filler } from './filler.js';
import type { Ledger } from './ledger.js';

/** How many heads `sync` takes. */
const HEADS = 1000;
const EVENTS = 500;

type SyncPage = CommandOutput<'sync'>;

/** On the leader: catches up on each new connection, and takes what is pushed. */
export class SyncEngine {
  readonly caughtUp = new State(false);
  #known = false;
  #cursor: string | undefined;
  /** While sync runs: conversations in whose pushes something was missing, and how far they went. */
  readonly #gaps = new Map<string, number>();
  /** Conversations that I was taken out of, and where in their log. */
  readonly #gone = new Map<string, number>();
  #connection: number | undefined;

  constructor(
    private readonly rest: Rest,
    private readonly realtime: Realtime,
    private readonly replica: Replica,
    private readonly ledger: Ledger,
    private readonly filler: Filler,
    private readonly clockwork: Clockwork,
  ) {}

  /** `known`: a sync was finished on this storage before. */
  begin(known: boolean, cursor: string | undefined): void {
    this.#known = known;
    this.#cursor = cursor;
  }

  connect(connection: number | undefined): void {
    this.#connection = connection;
    this.caughtUp.set(false);
    this.#gaps.clear();
    if (connection !== undefined) void this.#run(connection);
  }

  pushed({ conversationId, epoch, events }: EventPayload<'conversation:events'>): void {
    if (this.ledger.events(conversationId, epoch, events)) return;
    const upTo = events.at(-1)?.seq ?? 0;
    // Of a conversation that I was taken out of: the server would only say that it is not there.
    if (!this.replica.records.has(conversationId) && upTo <= (this.#gone.get(conversationId) ?? 0)) return;
    this.#missing(conversationId, upTo);
  }

  added({ conversationId, seq }: EventPayload<'conversation:added'>): void {
    const known = this.replica.records.get(conversationId);
    if (known !== undefined && seq <= Math.max(known.memberSeq, known.head.seq)) return;
    // In again, after a removal that was not heard of: what lies between may not be mine to see.
    if (known !== undefined) this.ledger.remove([conversationId]);
    this.#missing(conversationId, seq);
  }

  removed({ conversationId, seq }: EventPayload<'conversation:removed'>): void {
    const known = this.replica.records.get(conversationId);
    if (known !== undefined && seq <= known.memberSeq) return;
    this.#gone.set(conversationId, seq);
    this.ledger.remove([conversationId]);
  }

  #missing(conversationId: string, upTo: number): void {
    if (!this.caughtUp.value) this.#gaps.set(conversationId, Math.max(upTo, this.#gaps.get(conversationId) ?? 0));
    else void this.filler.fill(conversationId, upTo);
  }

  async #run(connection: number): Promise<void> {
    for (let attempt = 0; this.#connection === connection; attempt++) {
      try {
        if (!this.#known) await this.#listAll(connection);
        await this.#sync(connection);
        if (this.#connection !== connection) return;
        const gaps = [...this.#gaps];
        this.#gaps.clear();
        this.caughtUp.set(true);
        for (const [conversationId, seq] of gaps)
          if ((this.replica.records.get(conversationId)?.head.seq ?? 0) < seq)
            void this.filler.fill(conversationId, seq);
        return;
      } catch (error) {
        if (isOver(error)) return;
        await new Promise<void>((resolve) => {
          this.clockwork.after(delayOf(attempt, this.clockwork.random(), error), resolve);
        });
      }
    }
  }

  /** A new device takes the conversations as they are: their history is read when somebody looks at it. */
  async #listAll(connection: number): Promise<void> {
    for (let cursor: string | undefined; ; ) {
      const page: AnswerOf<'GET /conversations'> = await this.rest.call('GET /conversations', {
        query: { limit: 100, cursor },
      });
      if (this.#connection !== connection) return;
      this.ledger.states(page.items);
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    this.#known = true;
    await this.replica.commit({ notes: { known: true } });
  }

  async #sync(connection: number): Promise<void> {
    let cursor = this.replica.records.size > HEADS ? this.#cursor : undefined;
    for (;;) {
      const page = await this.realtime.command('sync', {
        heads: this.#heads(),
        limit: EVENTS,
        ...(cursor !== undefined && { cursor }),
      });
      if (this.#connection !== connection) return;
      this.#take(page);
      cursor = page.nextCursor;
      if (!page.caughtUp) continue;
      this.#cursor = cursor;
      return this.replica.commit({ notes: { cursor } });
    }
  }

  #heads() {
    const records = [...this.replica.records.values()];
    if (records.length > HEADS)
      records.sort((a, b) => (a.state.lastActivityAt < b.state.lastActivityAt ? 1 : -1)).splice(HEADS);
    return records.map(({ conversationId, head: { seq, epoch, at } }) => ({
      conversationId,
      seq,
      epoch,
      ...(at !== undefined && { at }),
    }));
  }

  #take({ conversations, events, resets, removed, hidden }: SyncPage): void {
    this.ledger.remove(removed);
    const states = new Map(conversations.map((one) => [one.conversationId, one]));
    for (const conversationId of resets) this.#reset(conversationId, states.get(conversationId));
    // Those that are new here are told from their beginning.
    this.ledger.states(
      conversations.filter((one) => !resets.includes(one.conversationId)),
      0,
    );
    for (const { conversationId, epoch, events: missed } of events)
      if (!this.ledger.events(conversationId, epoch, missed, true))
        this.#missing(conversationId, missed.at(-1)?.seq ?? 0);
    for (const { conversationId, messageSeq, messageId } of hidden)
      this.ledger.hide(conversationId, messageSeq, messageId);
  }

  #reset(conversationId: string, answer: Conversation | undefined): void {
    if (answer !== undefined) this.ledger.reset(answer);
    else {
      this.ledger.remove([conversationId]);
      void this.filler.refresh(conversationId).catch(() => this.#missing(conversationId, 0));
    }
  }
}
