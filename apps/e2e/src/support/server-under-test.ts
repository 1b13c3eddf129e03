/** What a test needs of a server, whichever processes and engines it is made of. */
export interface ServerUnderTest {
  /** Of the public edge. Where there are several, each one in turn: people of one test sit on different ones. */
  readonly url: string;
  readonly adminUrl: string;
  readonly diagnosticUrl: string;
  readonly pid: number;
  readonly isRunning: boolean;
  readonly logPath: string;
  log(): string;
  /** `kill -9`, of every process. */
  kill(): Promise<void>;
  /** On the same ports and data. Resolves when all is ready. */
  start(): Promise<void>;
}
