import { CannotOpen } from '@parley/adapter-sql';
import { SettingsError } from '../config/settings.js';

/** What went wrong, in one sentence where a user can mend it; with its stack where only we can. */
export function explain(error: unknown): string {
  if (error instanceof SettingsError || error instanceof CannotOpen) return error.message;
  const { code, port, message = '', stack } = error as Partial<Error & { code: string; port: number }>;
  // The gRPC server tells the reason in its text only.
  const inText = /\b(?<code>EADDRINUSE|EACCES|EADDRNOTAVAIL)\b.*?:(?<port>\d+)/.exec(message)?.groups;
  const reason = code ?? inText?.['code'];
  if (reason === 'EADDRINUSE')
    return `Port ${port ?? inText?.['port']} is in use. Stop what uses it, or choose another with ${PORTS}.`;
  if (reason === 'EADDRNOTAVAIL')
    return `This machine has no such address: ${message}. Check PARLEY_HTTP_HOST, PARLEY_GRPC_HOST and PARLEY_ADMIN_HOST.`;
  if (reason === 'EACCES')
    return `Not allowed: ${message}. Check the rights on PARLEY_DATA_DIR and use ports above 1024.`;
  return stack ?? String(error);
}

const PORTS =
  'PARLEY_HTTP_PORT (public), PARLEY_ADMIN_PORT (health and metrics), PARLEY_GRPC_PORT (calls of other services) or PARLEY_DIAGNOSTIC_PORT';
