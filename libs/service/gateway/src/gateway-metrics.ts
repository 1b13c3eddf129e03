import { SessionRegistry } from '@parley/core-gateway';
import { gauge } from '@parley/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CursorMover } from './outbound/cursor-mover.js';
import { MessageSender } from './outbound/message-sender.js';

/** How full this node is. */
@Injectable()
export class GatewayMetrics implements OnModuleInit {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly sender: MessageSender,
    private readonly cursors: CursorMover,
  ) {}

  onModuleInit(): void {
    gauge('parley_gateway_sockets', 'Live sockets of this node', () => this.registry.size);
    gauge(
      'parley_gateway_sends_waiting',
      'Sends waiting for the message service or under way',
      () => this.sender.depth,
    );
    gauge('parley_gateway_cursors_waiting', 'Cursor moves waiting or under way', () => this.cursors.depth);
  }
}
