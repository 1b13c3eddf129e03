import { GrpcClients, StaticAddresses } from '@parley/adapter-grpc';
import { callStreamV1, gatewayV1, SERVICE_TOKEN_KEY } from '@parley/contracts/rpc';
import { eventually, freePort } from '@parley/testing';
import { Client, type ClientDuplexStream, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { Controller, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrpcServer } from './grpc-server.js';
import { RpcErrorFilter } from './rpc-error.filter.js';

const serviceToken = 'token of the services of this test';
const { closeSessions } = gatewayV1.GatewayNodeServiceService;
const request = (code: string) => ({ sessionIds: [], userIds: [], code, action: '' });

type Stream = ClientDuplexStream<callStreamV1.OpenRequest, callStreamV1.OpenResponse>;

describe('the stream of calls into a process', () => {
  let app: INestMicroservice;
  let server: GrpcServer;
  let address: string;
  let client: Client;
  let received: string[];
  let answer: (code: string) => Promise<number>;

  const open = (token = serviceToken): Stream => {
    const { path, requestSerialize, responseDeserialize } = callStreamV1.CallStreamServiceService.open;
    const metadata = new Metadata();
    metadata.set(SERVICE_TOKEN_KEY, token);
    return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
  };
  const frame = (id: number, code: string, more: Partial<callStreamV1.CallFrame> = {}): callStreamV1.CallFrame => ({
    id,
    method: closeSessions.path,
    payload: closeSessions.requestSerialize(request(code)),
    timeoutMs: 5000,
    traceparent: '',
    ...more,
  });
  const answers = (stream: Stream) => {
    const all: callStreamV1.AnswerFrame[] = [];
    stream.on('data', (message: callStreamV1.OpenResponse) => all.push(...message.answers));
    stream.on('error', () => undefined);
    return all;
  };

  beforeEach(async () => {
    received = [];
    answer = async () => 1;

    @Controller()
    class GatewayNodeController {
      @GrpcMethod(gatewayV1.GATEWAY_NODE_SERVICE_NAME)
      async closeSessions({ code }: gatewayV1.CloseSessionsRequest): Promise<gatewayV1.CloseSessionsResponse> {
        received.push(code);
        return { closed: await answer(code) };
      }
    }

    const port = await freePort();
    address = `127.0.0.1:${port}`;
    server = new GrpcServer({
      host: '127.0.0.1',
      port,
      serviceToken,
      services: [gatewayV1.GatewayNodeServiceService],
    });
    const module = { module: class Root {}, controllers: [GatewayNodeController] };
    const options = { ...server.nestOptions(), logger: false as const };
    app = await NestFactory.createMicroservice<MicroserviceOptions>(module, options);
    app.useGlobalFilters(new RpcErrorFilter());
    await app.listen();
    client = new Client(address, credentials.createInsecure());
  });

  afterEach(async () => {
    client.close();
    await app.close();
  });

  it('is not opened without the credential', async () => {
    const stream = open('wrong');
    const code = await new Promise((resolve) =>
      stream.on('error', (error: ServiceError) => resolve(status[error.code])),
    );
    expect(code).toBe('UNAUTHENTICATED');
    expect(received).toEqual([]);
  });

  it('begins calls in the order in which they were made, and answers them as they are ready', async () => {
    const clients = new GrpcClients({ addresses: new StaticAddresses({ 'api-gateway': address }), serviceToken });
    const gateway = clients.of(gatewayV1.GatewayNodeServiceService);
    answer = (code) => new Promise((resolve) => setTimeout(() => resolve(Number(code)), 50 - Number(code) / 10));
    const codes = Array.from({ length: 400 }, (_, at) => String(at));
    const ready: number[] = [];
    await Promise.all(codes.map(async (code) => ready.push((await gateway.closeSessions(request(code))).closed)));
    expect(received).toEqual(codes);
    expect(ready).not.toEqual(codes.map(Number));
    expect([...ready].sort((a, b) => a - b)).toEqual(codes.map(Number));
    clients.close();
  });

  it('answers what cannot be read, and what is not served, and goes on', async () => {
    const stream = open();
    const all = answers(stream);
    stream.write({
      calls: [
        frame(1, 'a', { payload: Buffer.from([0xff, 0xff, 0xff]) }),
        frame(2, 'b', { method: '/parley.gateway.v1.GatewayNodeService/Nothing' }),
        frame(3, 'c'),
      ],
    });
    await eventually('three answers', () => all.length === 3);
    expect(all.find(({ id }) => id === 1)?.failure).toMatchObject({ kind: 'unavailable' });
    expect(all.find(({ id }) => id === 2)).toMatchObject({ notServed: true });
    expect(closeSessions.responseDeserialize(Buffer.from(all.find(({ id }) => id === 3)?.payload ?? []))).toEqual({
      closed: 1,
    });
    stream.cancel();
  });

  it('answers server.busy at once to more calls than it keeps', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    answer = () => held.then(() => 1);
    const stream = open();
    const all = answers(stream);
    for (let first = 0; first < 5000; first += 500)
      stream.write({ calls: Array.from({ length: 500 }, (_, at) => frame(first + at, 'x')) });
    await eventually('refusals', () => all.length === 5000 - 4096);
    expect(new Set(all.map(({ failure }) => failure?.code))).toEqual(new Set(['server.busy']));
    expect([received.length, server.depth]).toEqual([4096, 4096]);
    release();
    await eventually('all answers', () => all.length === 5000);
    expect(server.depth).toBe(0);
    stream.cancel();
  });

  it('says that it drains, answers what it has begun, takes no more, and ends', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    answer = () => held.then(() => 7);
    const stream = open();
    let isDraining = false;
    let isOver = false;
    stream.on('data', ({ draining }: callStreamV1.OpenResponse) => {
      isDraining ||= draining;
    });
    stream.on('end', () => {
      isOver = true;
    });
    const all = answers(stream);
    stream.write({ calls: [frame(1, 'begun')] });
    await eventually('begun', () => received.length === 1);
    server.draining();
    await eventually('word of it', () => isDraining);
    const closed = app.close();
    stream.write({ calls: [frame(2, 'late')] });
    await eventually('refused', () => all.length === 1);
    expect(all[0]).toMatchObject({ id: 2, notServed: true });
    expect(isOver).toBe(false);
    release();
    await closed;
    await eventually('over', () => isOver);
    expect([received, all.map(({ id }) => id)]).toEqual([['begun'], [2, 1]]);
  });
});
