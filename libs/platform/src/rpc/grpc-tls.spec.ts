import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcClients, StaticAddresses } from '@parley/adapter-grpc';
import { gatewayV1 } from '@parley/contracts/rpc';
import { freePort } from '@parley/testing';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { Controller, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions } from '@nestjs/microservices';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrpcServer } from './grpc-server.js';
import { type GrpcTlsFiles, grpcTls } from './grpc-tls.js';

const serviceToken = 'token of the services of this test';

@Controller()
class GatewayNodeController {
  @GrpcMethod(gatewayV1.GATEWAY_NODE_SERVICE_NAME)
  closeSessions(): gatewayV1.CloseSessionsResponse {
    return { closed: 1 };
  }
}

describe('calls with certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...options: string[]) => execFileSync('openssl', options, { cwd: folder, stdio: 'pipe' });
  let app: INestMicroservice;
  let address: string;

  function authority(name: string): void {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  }

  function certificate(name: string, by: string, names: string): GrpcTlsFiles {
    writeFileSync(file(`${name}.ext`), `subjectAltName=${names}`);
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${by}.pem`,
      '-CAkey',
      `${by}.key`,
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
    return {
      PARLEY_GRPC_TLS_CA: file(`${by}.pem`),
      PARLEY_GRPC_TLS_CERT: file(`${name}.pem`),
      PARLEY_GRPC_TLS_KEY: file(`${name}.key`),
    };
  }

  async function call(credentials: ChannelCredentials | undefined, callStream = true, to = address): Promise<string> {
    const clients = new GrpcClients({
      addresses: new StaticAddresses({ 'api-gateway': to }),
      serviceToken,
      callStream,
      ...(credentials === undefined ? {} : { credentials }),
    });
    const request = { sessionIds: [], userIds: [], code: '', action: '' };
    const gateway = clients.of(gatewayV1.GatewayNodeServiceService);
    try {
      return `closed ${(await gateway.closeSessions(request)).closed}`;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      clients.close();
    }
  }

  async function serve(files: GrpcTlsFiles): Promise<[INestMicroservice, string]> {
    const port = await freePort();
    const tls = grpcTls(files);
    const server = new GrpcServer({
      host: '127.0.0.1',
      port,
      serviceToken,
      services: [gatewayV1.GatewayNodeServiceService],
      ...(tls === undefined ? {} : { credentials: tls.server }),
    });
    const module = { module: class Root {}, controllers: [GatewayNodeController] };
    const options = { ...server.nestOptions(), logger: false as const };
    const served = await NestFactory.createMicroservice<MicroserviceOptions>(module, options);
    await served.listen();
    return [served, `127.0.0.1:${port}`];
  }

  let ours: GrpcTlsFiles;

  beforeAll(async () => {
    authority('ours');
    authority('theirs');
    ours = certificate('message', 'ours', 'DNS:parley');
    [app, address] = await serve(ours);
  });

  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  it.each([true, false])(
    'are made where both sides have one of the same authority (call stream: %s)',
    async (stream) => {
      expect(await call(grpcTls(ours)?.client, stream)).toBe('closed 1');
      expect(await call(grpcTls(certificate('gateway', 'ours', 'DNS:gateway'))?.client, stream)).toBe('closed 1');
    },
  );

  it('are refused without one, and with one of another authority', async () => {
    expect(await call(undefined)).toBe('server.unavailable');
    const stranger = grpcTls({
      ...certificate('stranger', 'theirs', 'DNS:parley'),
      PARLEY_GRPC_TLS_CA: file('ours.pem'),
    });
    expect(await call(stranger?.client)).toBe('server.unavailable');
  });

  it('are not made to a server of another authority, nor to one whose certificate names neither it nor us', async () => {
    const [impostor, at] = await serve(certificate('impostor', 'theirs', 'DNS:parley'));
    expect(await call(grpcTls(ours)?.client, true, at)).toBe('server.unavailable');
    await impostor.close();
    const [misnamed, elsewhere] = await serve(certificate('misnamed', 'ours', 'DNS:elsewhere'));
    expect(await call(grpcTls(ours)?.client, true, elsewhere)).toBe('server.unavailable');
    await misnamed.close();
    const [named, there] = await serve(certificate('named', 'ours', 'IP:127.0.0.1'));
    expect(await call(grpcTls(ours)?.client, true, there)).toBe('closed 1');
    await named.close();
  });

  it('are not encrypted where no files are named, and the start fails with the name of a file that is no good', () => {
    expect(grpcTls({})).toBeUndefined();
    expect(() => grpcTls({ ...ours, PARLEY_GRPC_TLS_KEY: file('nowhere.key') })).toThrow(
      /PARLEY_GRPC_TLS_KEY: must be a readable PEM file \(ENOENT\)/,
    );
    expect(() => grpcTls({ PARLEY_GRPC_TLS_CA: ours.PARLEY_GRPC_TLS_CA })).toThrow(/PARLEY_GRPC_TLS_CERT.*\n.*_KEY/);
    writeFileSync(file('broken.pem'), 'no certificate');
    expect(() => grpcTls({ ...ours, PARLEY_GRPC_TLS_CERT: file('broken.pem') })).toThrow(/must be a certificate/);
  });
});
