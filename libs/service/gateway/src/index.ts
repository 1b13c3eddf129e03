export { configureGateway, drainSockets, gatewayHttpAdapter, openDiagnosticListener } from './gateway-app.js';
export { GatewayModule } from './gateway.module.js';
export { PolicyReloader } from './policy/policy-reloader.js';
export { type GatewaySettings, gatewaySettings } from './settings.js';
