import { conversationTier, EventLog } from '@parley/contracts';
import { RpcClients } from '@parley/contracts/rpc';
import {
  AnnounceToOwner,
  Dispatcher,
  FanOutAppended,
  GatewayNodes,
  MemberProjection,
  type MemberProjectionLimits,
  MemberReader,
  NodeLanes,
  PushBatch,
  SessionLocator,
} from '@parley/core-delivery';
import { Clock } from '@parley/kernel';
import { bind, gauge, provide } from '@parley/platform';
import { type DynamicModule, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { consumeAppended } from './inbound/events/appended.consumer.js';
import { consumeContactChanged } from './inbound/events/contact-changed.consumer.js';
import { consumeSettingsChanged } from './inbound/events/settings-changed.consumer.js';
import { DeliveryController } from './inbound/grpc/delivery.controller.js';
import { RpcGatewayNodes } from './outbound/rpc-gateway-nodes.js';
import { RpcMemberReader } from './outbound/rpc-member-reader.js';
import { type GatewayInstances, RpcSessionLocator } from './outbound/rpc-session-locator.js';

export interface DeliveryModuleOptions {
  /** Bounds the memory of the member projection. */
  projection?: MemberProjectionLimits;
  /** Who is sent what presence cannot place. None where presence lives in this process and cannot be out of reach. */
  gatewayNodes?: GatewayInstances;
}

const isSubscribed = (memberCount: number) => conversationTier(memberCount).push === 'subscribed';

/** Brings events to live sessions. Keeps no table: what must not be lost is in the conversations' logs. */
@Module({})
export class DeliveryModule implements OnApplicationBootstrap, OnApplicationShutdown {
  static with(options: DeliveryModuleOptions = {}): DynamicModule {
    return {
      module: DeliveryModule,
      controllers: [DeliveryController],
      providers: [
        bind(MemberReader, RpcMemberReader, RpcClients),
        {
          provide: SessionLocator,
          inject: [RpcClients],
          useFactory: (rpc: RpcClients) => new RpcSessionLocator(rpc, options.gatewayNodes ?? (() => [])),
        },
        bind(GatewayNodes, RpcGatewayNodes, RpcClients),
        {
          provide: NodeLanes,
          inject: [GatewayNodes],
          useFactory: (nodes: GatewayNodes) => new NodeLanes(nodes, () => performance.now()),
        },
        {
          provide: MemberProjection,
          inject: [MemberReader, Clock],
          useFactory: (reader: MemberReader, clock: Clock) =>
            new MemberProjection(reader, clock, isSubscribed, options.projection),
        },
        provide(Dispatcher, SessionLocator, NodeLanes),
        provide(FanOutAppended, MemberProjection, Dispatcher, Clock),
        provide(PushBatch, MemberProjection, Dispatcher),
        provide(AnnounceToOwner, Dispatcher),
      ],
    };
  }

  constructor(
    private readonly log: EventLog,
    private readonly fanOut: FanOutAppended,
    private readonly announce: AnnounceToOwner,
    private readonly lanes: NodeLanes,
    private readonly members: MemberProjection,
  ) {}

  /** After everything that answers calls has been made. */
  async onApplicationBootstrap(): Promise<void> {
    const { lanes, members } = this;
    gauge('parley_delivery_waiting', 'Deliveries waiting for gateway nodes, those parked included', () => lanes.depth);
    gauge('parley_delivery_parked', 'Deliveries for gateway nodes that do not answer', () => lanes.parked);
    gauge('parley_delivery_member_lists', 'Conversations whose members are held in memory', () => members.size);
    await consumeAppended(this.log, this.fanOut);
    await consumeContactChanged(this.log, this.announce);
    await consumeSettingsChanged(this.log, this.announce);
  }

  onApplicationShutdown(): void {
    this.lanes.stop();
  }
}
