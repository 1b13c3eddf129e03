const WITHIN_MS = 5000;
const AGAIN_MS = 200;

export interface CallAnswer {
  status: number;
  code: string;
}

/** One REST call, bounded in time; undefined where nobody answered. */
export async function callOnce(
  edge: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<CallAnswer | undefined> {
  try {
    const answer = await fetch(`${edge}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    const problem = answer.ok
      ? undefined
      : ((await answer.json().catch(() => undefined)) as { code?: string } | undefined);
    return { status: answer.status, code: problem?.code ?? '' };
  } catch {
    return undefined;
  }
}

/** Goes to one edge as long as it answers, then to the next. */
export class EdgeTurn {
  private at = 0;

  constructor(private readonly edges: readonly string[]) {}

  get edge(): string {
    return this.edges[this.at % this.edges.length] as string;
  }

  next(): void {
    this.at++;
  }
}

/**
 * Repeated, at the next edge where one does not answer, until there is a yes or a no; undefined when `goOn` says no before. What says
 * "try again" (429, 5xx) is tried again. Only for what may happen twice: an edge that did not answer may still do it, later.
 */
export async function callUntilAnswered(
  turn: EdgeTurn,
  call: (edge: string) => Promise<CallAnswer | undefined>,
  goOn: () => boolean,
): Promise<CallAnswer | undefined> {
  while (goOn()) {
    const answer = await call(turn.edge);
    if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
    turn.next();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  return undefined;
}
