export { serviceRegistryContract } from './service-registry.contract.js';
