import { readSettings, redisSettings, serviceProcessSettings } from '@parley/platform';
import { gatewaySettings } from '@parley/service-gateway';

export function apiGatewaySettings(env: NodeJS.ProcessEnv) {
  return readSettings({ ...serviceProcessSettings('api-gateway'), ...redisSettings, ...gatewaySettings }, env);
}

export type ApiGatewaySettings = ReturnType<typeof apiGatewaySettings>;
