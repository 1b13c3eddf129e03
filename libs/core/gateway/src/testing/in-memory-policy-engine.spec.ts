import { InMemoryPolicyEngine } from './in-memory-policy-engine.js';
import { policyEngineContract } from './policy-engine.contract.js';

policyEngineContract('in memory', () => new InMemoryPolicyEngine());
