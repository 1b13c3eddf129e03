/** What was typed makes no command. Ends with this sentence, the usage, and exit code 2. */
export class WrongUsage extends Error {
  constructor(
    message: string,
    /** The command it was meant for, where that much is clear. */
    readonly command?: string,
  ) {
    super(message);
  }
}

/** The command was clear and could not be carried out. Ends with this text and exit code 1. */
export class Failure extends Error {}
