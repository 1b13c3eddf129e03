export { ConsulRegistry, type ConsulRegistryOptions } from './consul-registry.js';
export { InMemoryRegistry } from './in-memory-registry.js';
export { KnownInstances } from './known-instances.js';
export { FollowedAddresses, type Registered, type Registration, ServiceRegistry } from './service-registry.js';
