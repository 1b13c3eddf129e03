export { configureGateway, drainSockets, gatewayHttpAdapter, openDiagnosticListener } from './gateway-app.js';
export { GatewayModule } from './gateway.module.js';
export { type GatewaySettings, gatewaySettings } from './settings.js';
