import { callV1, gatewayV1, messageV1, policyV1 } from '@parley/contracts/rpc';
import { describe, expect, it } from 'vitest';
import { GrpcClients } from './grpc-clients.js';
import { serviceOf, StaticAddresses } from './service-addresses.js';

describe('addresses of services', () => {
  it('finds the service of a method in its package', () => {
    const paths = [
      messageV1.MessageServiceService.appendBatch.path,
      policyV1.PolicyServiceService.getPolicySet.path,
      callV1.CallServiceService.invite.path,
      gatewayV1.GatewayNodeServiceService.deliver.path,
    ];
    expect(paths.map(serviceOf)).toEqual(['message', 'identity', 'media-signal', 'api-gateway']);
  });

  it('knows one instance of no name where instances have no addresses of their own', () => {
    const addresses = new StaticAddresses({ 'api-gateway': 'a:1' });
    expect(addresses.of('api-gateway')).toEqual([{ instance: '', address: 'a:1', zone: '' }]);
    expect(addresses.of('message')).toEqual([]);
  });

  it('knows the instances where they have', () => {
    const addresses = new StaticAddresses({ 'api-gateway': 'a:1' }, { 'api-gateway': { n1: 'b:1', n2: 'b:2' } });
    expect(addresses.of('api-gateway').map(({ instance, address }) => [instance, address])).toEqual([
      ['n1', 'b:1'],
      ['n2', 'b:2'],
    ]);
  });

  it('fails a call to an unknown service, and one to a port that nobody listens on, with server.unavailable', async () => {
    const clients = new GrpcClients({ addresses: new StaticAddresses({ message: '127.0.0.1:1' }), serviceToken: 't' });
    const startedAt = performance.now();
    const unknown = clients.of(policyV1.PolicyServiceService).getPolicySet({} as never);
    await expect(unknown).rejects.toMatchObject({ code: 'server.unavailable' });
    const silent = clients.of(messageV1.MessageServiceService).checkMembers({ conversationId: 'c', userIds: [] });
    await expect(silent).rejects.toMatchObject({ code: 'server.unavailable' });
    expect(performance.now() - startedAt).toBeLessThan(2000);
    clients.close();
  });
});
