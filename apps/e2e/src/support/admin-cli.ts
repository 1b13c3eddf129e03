import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// What `npm run admin` starts; the same depth from src and from dist.
const ENTRY = fileURLToPath(new URL('../../../admin-cli/dist/main.js', import.meta.url));

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one command of the shell administration to its end, without a terminal. */
export function adminCli(url: string, args: string[], settings: Record<string, string>): Promise<Finished> {
  const { PATH } = process.env;
  return new Promise((resolve, reject) => {
    const options = { env: { PATH, PARLEY_URL: url, ...settings }, timeout: 10_000 };
    const child = execFile(process.execPath, [ENTRY, ...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    child.stdin?.end();
  });
}
