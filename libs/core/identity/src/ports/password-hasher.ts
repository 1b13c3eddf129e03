/** A slow, salted, memory-hard hash, off the event loop. Work waits in a bounded queue; beyond it `server.busy`. */
export abstract class PasswordHasher {
  abstract hash(password: string): Promise<string>;
  /** Without a hash it takes the same time and answers false: unknown names are not told from wrong passwords. */
  abstract matches(hash: string | undefined, password: string): Promise<boolean>;
}
