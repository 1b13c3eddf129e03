import { describe, expect, it } from 'vitest';
import { addressesOf, SERVICES, serviceProcessSettings, serviceTokenOf } from './service-settings.js';
import { readSettings, SettingsError } from './settings.js';

const read = (env: NodeJS.ProcessEnv) => readSettings(serviceProcessSettings('message'), env);

describe('settings of a service that runs alone', () => {
  it('give every service an address and ports of its own', () => {
    const of = (service: (typeof SERVICES)[number]) => readSettings(serviceProcessSettings(service), {});
    const addresses = addressesOf(of('identity'));
    for (const service of SERVICES) expect(addresses[service]).toBe(`127.0.0.1:${of(service).PARLEY_GRPC_PORT}`);
    const ports = SERVICES.flatMap((service) => [of(service).PARLEY_GRPC_PORT, of(service).PARLEY_ADMIN_PORT]);
    expect(new Set(ports).size).toBe(2 * SERVICES.length);
  });

  it('refuse an address without a port', () => {
    expect(() => read({ PARLEY_IDENTITY_ADDRESS: 'identity' })).toThrow(/PARLEY_IDENTITY_ADDRESS: must be host:port/);
  });

  it.each([{ PARLEY_ENV: 'production' }, { PARLEY_GRPC_HOST: '0.0.0.0' }])(
    'ask for a credential of our own with %o',
    (env) => {
      expect(() => serviceTokenOf(read(env))).toThrow(SettingsError);
      expect(serviceTokenOf(read({ ...env, PARLEY_SERVICE_TOKEN: 'a secret of sixteen' }))).toBe('a secret of sixteen');
    },
  );

  it('refuse a credential that is too short to be one', () => {
    expect(() => read({ PARLEY_SERVICE_TOKEN: 'secret' })).toThrow(/PARLEY_SERVICE_TOKEN: must have at least 16/);
  });
});
