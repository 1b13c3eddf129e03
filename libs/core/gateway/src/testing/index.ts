export { InMemoryPolicyEngine } from './in-memory-policy-engine.js';
export { policyEngineContract } from './policy-engine.contract.js';
