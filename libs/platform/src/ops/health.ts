/** One thing this process depends on. Resolves when it works, rejects with the reason when not. */
export type HealthCheck = () => Promise<void>;

export interface Readiness {
  ready: boolean;
  draining: boolean;
  /** Ready, but something that it depends on is away: part of the work waits or is refused. */
  degraded: boolean;
  dependencies: Record<string, { ok: boolean; reason?: string }>;
}

const CHECK_TIMEOUT_MS = 2000;

/** Whether this process is ready for work, and what it waits for. Not ready while it starts and while it drains. */
export class Health {
  private readonly checks = new Map<string, { check: HealthCheck; vital: boolean }>();
  private state: 'starting' | 'serving' | 'draining' = 'starting';

  /** @param vital without it this process can do none of its work; otherwise its loss is shown, and work goes on. */
  add(name: string, check: HealthCheck, vital = true): void {
    this.checks.set(name, { check, vital });
  }

  serving(): void {
    this.state = 'serving';
  }

  draining(): void {
    this.state = 'draining';
  }

  async readiness(): Promise<Readiness> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, { check }]) => [name, await outcome(check)] as const),
    );
    const away = results.flatMap(([name, result]) => (result.ok ? [] : [name]));
    const ready = this.state === 'serving' && !away.some((name) => this.checks.get(name)?.vital);
    return {
      ready,
      draining: this.state === 'draining',
      degraded: ready && away.length > 0,
      dependencies: Object.fromEntries(results),
    };
  }
}

async function outcome(check: HealthCheck): Promise<{ ok: boolean; reason?: string }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
