import { readFileSync } from 'node:fs';
import { type ResponseOf, rest } from '@parley/contracts';
import { PolicyEnforcer, SessionRegistry, SystemView } from '@parley/core-gateway';
import { Controller } from '@nestjs/common';
import { type CallOf, Handles, RestCall } from './operation.js';
import { iso } from '../../composition/wire-text.js';

const { administration } = rest;

/** The same depth from src and from dist. */
const PACKAGE = new URL('../../../package.json', import.meta.url);

/** This node as administrators see it; everything finer is in the metrics. */
@Controller()
export class AdminSystemController {
  private readonly startedAt = Date.now();
  private readonly version = (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version;

  constructor(
    private readonly view: SystemView,
    private readonly enforcer: PolicyEnforcer,
    private readonly registry: SessionRegistry,
  ) {}

  @Handles(administration.system)
  async system(
    @RestCall() _call: CallOf<typeof administration.system>,
  ): Promise<ResponseOf<typeof administration.system>> {
    return {
      version: this.version,
      nodeVersion: process.version,
      startedAt: iso(this.startedAt),
      memoryBytes: process.memoryUsage().rss,
      policyVersion: this.enforcer.version,
      sockets: this.registry.size,
      instances: this.view.instances(),
      lag: await this.view.lag(),
    };
  }
}
