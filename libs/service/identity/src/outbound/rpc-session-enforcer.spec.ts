import { type CallOptions, RpcClients } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { describe, expect, it } from 'vitest';
import { RpcSessionEnforcer } from './rpc-session-enforcer.js';

/** Gateways that note what they are told; each name in `failing` fails that often first. */
class Gateways extends RpcClients {
  readonly told: [string, string | undefined, unknown][] = [];

  constructor(
    private readonly failing: Record<string, number> = {},
    private readonly gone: readonly string[] = [],
  ) {
    super();
  }

  override async isGone(_service: unknown, instance?: string): Promise<boolean> {
    return this.gone.includes(instance ?? '');
  }

  of(): never {
    const method = (name: string) => async (request: unknown, options: CallOptions) => {
      const instance = options.instance ?? '';
      this.failing[instance] = (this.failing[instance] ?? 0) - 1;
      if (this.failing[instance] >= 0) throw new DomainError('server.unavailable', 'unavailable');
      this.told.push([name, options.instance, request]);
      return {};
    };
    return { closeSessions: method('close'), reloadPolicies: method('reload') } as never;
  }
}

const closing = { sessionIds: ['0-s'], userIds: [], code: 'auth.session_revoked', action: 'login' as const };

describe('RpcSessionEnforcer', () => {
  it('tells the one gateway of this process', async () => {
    const gateways = new Gateways();
    const enforcer = new RpcSessionEnforcer(gateways, async () => [undefined]);
    await enforcer.close(closing);
    await enforcer.reload(7);
    expect(gateways.told).toEqual([
      ['close', undefined, closing],
      ['reload', undefined, { version: 7 }],
    ]);
  });

  it('tells every node, again where one did not answer', async () => {
    const gateways = new Gateways({ b: 2 });
    await new RpcSessionEnforcer(gateways, async () => ['a', 'b']).close(closing);
    expect(gateways.told.map(([, instance]) => instance).sort()).toEqual(['a', 'b']);
  });

  it('needs not tell a node that is certainly gone', async () => {
    const gateways = new Gateways({ b: 99 }, ['b']);
    await new RpcSessionEnforcer(gateways, async () => ['a', 'b']).close(closing);
    expect(gateways.told.map(([, instance]) => instance)).toEqual(['a']);
  });

  it('does not claim to have told who never answers', async () => {
    const gateways = new Gateways({ b: 99 });
    const enforcer = new RpcSessionEnforcer(gateways, async () => ['a', 'b']);
    await expect(enforcer.reload(3)).rejects.toMatchObject({ code: 'server.unavailable' });
    const broken = new RpcSessionEnforcer(
      { of: () => ({ closeSessions: () => Promise.reject(new Error('bug')) }) } as never,
      async () => [undefined],
    );
    await expect(broken.close(closing)).rejects.toThrow('bug');
  });
});
