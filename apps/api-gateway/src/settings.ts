import { readServiceSettings, redisSettings } from '@parley/platform';
import { gatewaySettings } from '@parley/service-gateway';

export function apiGatewaySettings(env: NodeJS.ProcessEnv) {
  return readServiceSettings('api-gateway', { ...redisSettings, ...gatewaySettings }, env);
}

export type ApiGatewaySettings = ReturnType<typeof apiGatewaySettings>;
