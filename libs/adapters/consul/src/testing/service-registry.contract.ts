import { eventually, never } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FollowedAddresses, Registered, Registration, ServiceRegistry } from '../service-registry.js';

/** What every registry does. @param open A registry that nobody else uses; asked for several times, it answers doors to the same one. */
export function serviceRegistryContract(name: string, open: () => Promise<() => ServiceRegistry>): void {
  describe(`registry: ${name}`, () => {
    let registry: ServiceRegistry;
    let registered: Registered[];
    let others: ServiceRegistry;
    let addresses: FollowedAddresses;

    const process = (instance: string, more: Partial<Registration> = {}): Registration => ({
      service: 'message',
      instance,
      address: '127.0.0.1:20001',
      version: '1.2.3',
      zone: '',
      adminUrl: 'http://127.0.0.1:20002',
      ...more,
    });
    const names = (service = 'message') =>
      addresses
        .of(service)
        .map(({ instance }) => instance)
        .sort();
    const soon = (what: string, probe: () => boolean) => eventually(what, probe, { deadlineMs: 3000 });

    const register = async (registration: Registration) => {
      const entry = await registry.register(registration);
      registered.push(entry);
      return entry;
    };

    beforeEach(async () => {
      registered = [];
      const door = await open();
      registry = door();
      others = door();
      addresses = others.follow(['message', 'delivery']);
      await addresses.ready();
    });

    afterEach(async () => {
      addresses.close();
      for (const entry of registered) await entry.deregister();
    });

    it('knows nobody at first, and says that it was asked', async () => {
      expect([names(), names('delivery'), names('identity')]).toEqual([[], [], []]);
      expect([addresses.isKnown('message'), addresses.isKnown('identity')]).toEqual([true, false]);
    });

    it('lets others find who registered, with address and zone, by service', async () => {
      await register(process('m-1', { address: '127.0.0.1:20011', zone: 'north' }));
      await register(process('m-2', { address: '[::1]:20012' }));
      await register(process('d-1', { service: 'delivery' }));
      await soon('all three', () => names().length === 2 && names('delivery').length === 1);
      expect([...addresses.of('message')].sort((a, b) => a.instance.localeCompare(b.instance))).toEqual([
        { instance: 'm-1', address: '127.0.0.1:20011', zone: 'north' },
        { instance: 'm-2', address: '[::1]:20012', zone: '' },
      ]);
      expect(names('delivery')).toEqual(['d-1']);
    });

    it('answers the same list until something changes', async () => {
      await register(process('m-1'));
      await soon('m-1', () => names().length === 1);
      const before = addresses.of('message');
      await register(process('m-1'));
      await register(process('d-1', { service: 'delivery' }));
      await soon('d-1', () => names('delivery').length === 1);
      expect(addresses.of('message')).toBe(before);
    });

    it('takes out at once who says that it goes, and still knows where it was', async () => {
      const first = await register(process('m-1', { address: '127.0.0.1:20011' }));
      await register(process('m-2'));
      await soon('both', () => names().length === 2);
      await first.deregister();
      await soon('only m-2', () => names().join() === 'm-2');
      expect(addresses.lately('message')).toEqual([{ instance: 'm-1', address: '127.0.0.1:20011', zone: '' }]);
      expect([addresses.hasLeft('message', 'm-1'), addresses.hasLeft('message', 'm-2')]).toEqual([true, false]);
    });

    it('puts who comes back under its name in the place of the one before', async () => {
      await register(process('m-1', { address: '127.0.0.1:20011' }));
      await soon('m-1', () => names().length === 1);
      await register(process('m-1', { address: '127.0.0.1:20099' }));
      await soon('its new address', () => addresses.of('message')[0]?.address === '127.0.0.1:20099');
      expect([names(), addresses.lately('message')]).toEqual([['m-1'], []]);
    });

    it('keeps the last one of a service, who may well be there, when the registry knows nobody any more', async () => {
      const only = await register(process('m-1'));
      await register(process('d-1', { service: 'delivery' }));
      await soon('both', () => names().length === 1 && names('delivery').length === 1);
      await only.deregister();
      await never('forgotten', () => names().length === 0, 500);
      await register(process('m-2'));
      await soon('its successor', () => names().join() === 'm-2');
    });

    it('says that it can be asked', async () => {
      await expect(registry.check()).resolves.toBeUndefined();
    });
  });
}
