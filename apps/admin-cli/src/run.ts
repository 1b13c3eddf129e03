import type { Outcome } from './command.js';
import { commands } from './commands/index.js';
import { Failure, WrongUsage } from './failure.js';
import { parseCommand } from './parse-command.js';
import { AdministratorSession } from './rest/administrator-session.js';
import { RestClient } from './rest/rest-client.js';
import { askSecret } from './terminal/ask-secret.js';
import { usage, usageOf } from './usage.js';

type Environment = Record<string, string | undefined>;
type Print = (line: string) => void;

/** Carries one command out. Resolves with the exit code: 0 done, 1 refused, 2 not understood. */
export async function run(args: string[], environment: Environment, out: Print, err: Print): Promise<number> {
  try {
    const { command, help, json, input } = parseCommand(args, commands);
    if (command === undefined || help) {
      out(command ? `${command.summary}\n\n${usageOf(command)}` : usage(commands));
      return 0;
    }
    const { data, text, note } = await within(environment, (context) => command.run(context, input));
    out(json ? JSON.stringify(data, undefined, 2) : text);
    if (note !== undefined) err(note);
    return 0;
  } catch (error) {
    if (error instanceof Failure) err(error.message);
    else if (error instanceof WrongUsage) {
      const command = commands.find(({ name }) => name === error.command);
      err(`${error.message}\n\n${command ? usageOf(command) : usage(commands)}`);
      return 2;
    } else throw error;
    return 1;
  }
}

async function within(
  environment: Environment,
  work: (context: Parameters<(typeof commands)[number]['run']>[0]) => Promise<Outcome>,
): Promise<Outcome> {
  const setting = (name: string) => environment[name] || undefined;
  const open = new RestClient(serverOf(setting('PARLEY_URL') ?? 'http://localhost:8080'));
  const session = new AdministratorSession(open, setting);
  try {
    return await work({
      administrator: () => session.administrator(),
      anyLogin: () => session.login(),
      open,
      askSecret,
      setting,
    });
  } finally {
    await session.close();
  }
}

function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new WrongUsage(`PARLEY_URL must be an http or https address, not "${text}".`);
  return url;
}
