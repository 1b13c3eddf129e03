import { commonSettings, readSettings } from '@parley/platform';
import { conversationSettings } from '@parley/service-conversation';
import { fileSettings } from '@parley/service-file';
import { gatewaySettings } from '@parley/service-gateway';
import { identitySettings } from '@parley/service-identity';
import { mediaSignalSettings } from '@parley/service-media-signal';
import { messageSettings } from '@parley/service-message';

/** The settings of all eight services: one process has them all. */
export function standaloneSettings(env: NodeJS.ProcessEnv) {
  return readSettings(
    {
      ...commonSettings,
      ...identitySettings,
      ...conversationSettings,
      ...messageSettings,
      ...fileSettings,
      ...mediaSignalSettings,
      ...gatewaySettings,
    },
    env,
  );
}

export type StandaloneSettings = ReturnType<typeof standaloneSettings>;
