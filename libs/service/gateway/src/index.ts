export { configureGateway, drainSockets, gatewayHttpAdapter, openDiagnosticListener } from './gateway-app.js';
export { GatewayModule } from './gateway.module.js';
export { ProblemFilter } from './inbound/http/problem.filter.js';
export { type GatewaySettings, gatewaySettings } from './settings.js';
