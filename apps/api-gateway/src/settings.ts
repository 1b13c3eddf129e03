import { readServiceSettings, redisSettings, s3Settings } from '@parley/platform';
import { gatewaySettings } from '@parley/service-gateway';

/** The web client may load from where files are. */
const { PARLEY_S3_PUBLIC_URL } = s3Settings;

export function apiGatewaySettings(env: NodeJS.ProcessEnv) {
  return readServiceSettings('api-gateway', { ...redisSettings, ...gatewaySettings, PARLEY_S3_PUBLIC_URL }, env);
}

export type ApiGatewaySettings = ReturnType<typeof apiGatewaySettings>;
