import { identityV1, policyV1 } from '@parley/contracts/rpc';
import { openEmbeddedEngines, type ServiceProcess } from '@parley/platform';
import { IdentityModule, identitySettings } from '@parley/service-identity';

/** Identity alone, on embedded engines. */
export const identity: ServiceProcess<typeof identitySettings> = {
  name: 'identity',
  answers: [identityV1.IdentityServiceService, policyV1.PolicyServiceService],
  settings: identitySettings,
  async compose(settings) {
    const { database, log, check, close } = await openEmbeddedEngines(settings.PARLEY_DATA_DIR, 'identity');
    return {
      // One gateway node, at PARLEY_API_GATEWAY_ADDRESS, is told of revocations.
      module: IdentityModule.with({ database, settings }),
      log,
      checks: { database: check },
      close,
    };
  },
};
