import { readFileSync } from 'node:fs';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';
import { SettingsError } from '../config/settings.js';

/** PEM files: who signs all of them, the certificate of this process (good as server and as client), and its key. */
export interface GrpcTlsFiles {
  PARLEY_GRPC_TLS_CA?: string | undefined;
  PARLEY_GRPC_TLS_CERT?: string | undefined;
  PARLEY_GRPC_TLS_KEY?: string | undefined;
}

export interface GrpcTls {
  client: ChannelCredentials;
  /** Takes nobody without a certificate of the same authority. */
  server: ServerCredentials;
}

/**
 * Instances are found by address, and addresses come and go: a certificate with this name is one of ours wherever it is met. The authority must
 * therefore sign for nobody else.
 */
export const NAME_OF_ALL = 'parley';

/** Both sides prove who they are, where the settings name certificates; undefined where they name none. */
export function grpcTls(files: GrpcTlsFiles): GrpcTls | undefined {
  const names = ['PARLEY_GRPC_TLS_CA', 'PARLEY_GRPC_TLS_CERT', 'PARLEY_GRPC_TLS_KEY'] as const;
  if (names.every((name) => files[name] === undefined)) return undefined;
  const wrong: string[] = [];
  const [ca, cert, key] = names.map((name) => {
    try {
      return readFileSync(files[name] ?? '');
    } catch (error) {
      wrong.push(`  ${name}: must be a readable PEM file (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`);
      return Buffer.alloc(0);
    }
  }) as [Buffer, Buffer, Buffer];
  if (wrong.length > 0) throw new SettingsError(`Some settings are wrong:\n${wrong.join('\n')}`);
  try {
    return {
      client: ChannelCredentials.createSsl(ca, key, cert, { checkServerIdentity: isOneOfUs }),
      server: ServerCredentials.createSsl(ca, [{ private_key: key, cert_chain: cert }], true),
    };
  } catch (error) {
    throw new SettingsError(
      `Some settings are wrong:\n  PARLEY_GRPC_TLS_CERT, PARLEY_GRPC_TLS_KEY: must be a certificate and its key (${(error as Error).message})`,
    );
  }
}

/** Answers why not; undefined when it is. */
function isOneOfUs(host: string, certificate: PeerCertificate): Error | undefined {
  return checkServerIdentity(NAME_OF_ALL, certificate) === undefined
    ? undefined
    : checkServerIdentity(host, certificate);
}
