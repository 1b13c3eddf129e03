import { createServer, type Server } from 'node:net';
import { freePort } from '@parley/testing';
import { Server as RpcServer, ServerCredentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingsError } from '../config/settings.js';
import { explain } from './explain.js';

describe('what a user is told when a start fails', () => {
  let holder: Server;
  let port: number;

  beforeEach(async () => {
    port = await freePort();
    holder = createServer();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
  });

  afterEach(() => void holder.close());

  it('names the port that is in use, of a socket', async () => {
    const error = await new Promise((resolve) => createServer().once('error', resolve).listen(port, '127.0.0.1'));
    expect(explain(error)).toMatch(new RegExp(`^Port ${port} is in use\\.`));
  });

  it('names the port that is in use, of the gRPC server', async () => {
    const error = await new Promise((resolve) =>
      new RpcServer().bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), resolve),
    );
    expect(explain(error)).toMatch(new RegExp(`^Port ${port} is in use\\.`));
  });

  it('says nothing but what is wrong with a setting', () => {
    expect(explain(new SettingsError('PARLEY_X: must be y'))).toBe('PARLEY_X: must be y');
  });

  it('keeps the stack of what only we can mend', () => {
    expect(explain(new TypeError('x is undefined'))).toMatch(/TypeError: x is undefined\n\s+at /);
  });
});
