export { configureGateway, drainSockets, gatewayHttpAdapter, openDiagnosticListener } from './gateway-app.js';
export { GatewayModule } from './gateway.module.js';
export { PolicyReloader } from './policy/policy-reloader.js';
export { type GatewaySettings, gatewaySettings } from './settings.js';
export { type ConsumerLag, type RunningInstance, SystemView } from '@parley/core-gateway';
export type { GatewayModuleOptions } from './gateway.module.js';
