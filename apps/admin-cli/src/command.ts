import type { ParseArgsOptionDescriptor } from 'node:util';
import type { RestClient } from './rest/rest-client.js';
import type { AskSecret } from './terminal/ask-secret.js';

/** What a command was given, after the words of its name. */
export interface Input {
  /** As many as the command's `operands` allow. */
  operands: string[];
  options: Record<string, string | boolean | undefined>;
}

export interface Outcome {
  /** For machines: printed as JSON with `--json`. */
  data: unknown;
  /** For people. */
  text: string;
  /** Said on stderr, so that a list on stdout stays a list. */
  note?: string;
}

export interface Context {
  /** REST with the administrator's rights; logs in when first asked. */
  administrator(): Promise<RestClient>;
  /** The same while the password still has to be changed, when roles do not count. */
  anyLogin(): Promise<{ client: RestClient; password: string }>;
  /** REST without a login. */
  open: RestClient;
  askSecret: AskSecret;
  /** The variable's value where it is set and not empty. */
  setting(name: string): string | undefined;
}

export interface Command {
  /** The words that call it. */
  name: string;
  /** Operands and options as the usage shows them. */
  usage: string;
  summary: string;
  /** Least and greatest number of operands. */
  operands: readonly [number, number];
  options?: Record<string, ParseArgsOptionDescriptor>;
  run(context: Context, input: Input): Promise<Outcome>;
}

/** The text of an option that takes one. */
export function textOption(input: Input, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === 'string' ? value : undefined;
}
