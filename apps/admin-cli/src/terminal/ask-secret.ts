import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Failure } from '../failure.js';

/** Asks on the terminal without echo. Undefined where there is no terminal to ask on. */
export type AskSecret = (question: string) => Promise<string | undefined>;

export const askSecret: AskSecret = (question) => {
  if (!process.stdin.isTTY) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    // The line editor keeps backspace and paste working; what it would echo goes nowhere.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const editor = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
    // stderr, as stdout may be a file or a pipe.
    process.stderr.write(question);
    editor.on('SIGINT', () => editor.close());
    editor.on('close', () => {
      process.stderr.write('\n');
      reject(new Failure('Nothing was done: no password was given.'));
    });
    editor.question('', (answer) => {
      resolve(answer);
      editor.close();
    });
  });
};
