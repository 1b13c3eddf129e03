export {
  ACCESS_TOKEN,
  type AccessTokenClaims,
  type KeyById,
  kidOf,
  signAccessToken,
  verifyAccessToken,
} from './auth/access-token.js';
export { list, onOff, port, readSettings, SettingsError, wholeNumber } from './config/settings.js';
export { kafkaSettings, mysqlSettings, redisSettings, registrySettings, s3Settings } from './config/engine-settings.js';
export {
  readServiceSettings,
  type ServiceName,
  serviceProcessSettings,
  type ServiceProcessSettings,
  SERVICES,
  serviceTokenOf,
} from './config/service-settings.js';
export { consume, type Consumer, deadLetterTopic } from './events/consumer.js';
export { Outbox } from './events/outbox.js';
export { measureWaitingRows } from './events/waiting-rows.js';
export { PlatformModule } from './nest/platform.module.js';
export { bind, provide } from './nest/provide.js';
export { SystemClock, UuidGenerator } from './nest/system.js';
export { GrpcServer, type GrpcServerOptions } from './rpc/grpc-server.js';
export { grpcTls, type GrpcTls, type GrpcTlsFiles } from './rpc/grpc-tls.js';
export { InProcessServer } from './rpc/in-process-server.js';
export { RpcErrorFilter } from './rpc/rpc-error.filter.js';
export { commonSettings } from './config/common-settings.js';
export { openAdminServer } from './ops/admin-server.js';
export { Health, type HealthCheck, type Readiness } from './ops/health.js';
export { loggingModule, useAppLogger } from './ops/logging.js';
export { type ClusterProcess, enterCluster } from './process/cluster-process.js';
export { explain } from './process/explain.js';
export { type Running, runProcess } from './process/run-process.js';
export { Sweeper, type SweeperOptions } from './process/sweeper.js';
export { OpenEngines } from './process/open-engines.js';
export { runService } from './process/run-service.js';
export type { ServiceHost, ServiceParts, ServiceProcess } from './process/service-process.js';
export { EveryGateway, type GatewayNodes } from './rpc/every-gateway.js';
export { gatewayNodes, watchNeighbours } from './rpc/neighbours.js';
export { serviceClients } from './rpc/service-clients.js';
export { counter, counterBy, gauge, gauges, histogram } from './ops/metrics.js';
