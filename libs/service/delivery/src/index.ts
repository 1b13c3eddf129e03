export { DeliveryModule, type DeliveryModuleOptions } from './delivery.module.js';
