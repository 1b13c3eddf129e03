import { performance } from 'node:perf_hooks';

const SIGN_OF_LIFE_MS = 10_000;
const FRAME_MS = 200;
const CLEAR = '\r\u001b[K';

/** `4.2 s`, from a minute on `3 min 12 s`. */
export function duration(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** Shows several things that happen at once: one line for people that says what each does, a line each for logs every ten seconds. */
export class Board {
  constructor(out = process.stderr) {
    this.out = out;
    this.going = new Set();
  }

  /** Does `work(say)`; `say` tells what it is about now. */
  async run(title, work) {
    const entry = { title, startedAt: performance.now(), activity: '', saidAt: performance.now() };
    this.going.add(entry);
    this.watch();
    const elapsed = () => duration(performance.now() - entry.startedAt);
    try {
      const result = await work((activity) => {
        entry.activity = activity;
      });
      this.line(`✔ ${title}${typeof result === 'string' ? `: ${result}` : ''} (${elapsed()})`);
      return result;
    } catch (error) {
      this.line(`✘ ${title} (${elapsed()})`);
      throw error;
    } finally {
      this.going.delete(entry);
      if (this.going.size === 0) this.rest();
    }
  }

  line(text) {
    this.out.write(`${this.out.isTTY ? CLEAR : ''}${text}\n`);
  }

  watch() {
    this.timer ??= setInterval(() => (this.out.isTTY ? this.draw() : this.tell()), this.out.isTTY ? FRAME_MS : 1_000);
  }

  rest() {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.out.isTTY) this.out.write(CLEAR);
  }

  draw() {
    const now = performance.now();
    const parts = [...this.going].map(
      ({ title, activity, startedAt }) => `${title}${activity ? ` ${activity}` : ''} ${duration(now - startedAt)}`,
    );
    this.out.write(`${CLEAR}${parts.join(' · ').slice(0, (this.out.columns ?? 80) - 1)}`);
  }

  tell() {
    const now = performance.now();
    for (const entry of this.going) {
      if (now - entry.saidAt < SIGN_OF_LIFE_MS) continue;
      entry.saidAt = now;
      this.line(`… ${entry.title}: ${entry.activity || 'at it'} (${duration(now - entry.startedAt)})`);
    }
  }
}
