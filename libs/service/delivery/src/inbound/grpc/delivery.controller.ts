import { deliveryV1 } from '@parley/contracts/rpc';
import { PushBatch } from '@parley/core-delivery';
import { Controller } from '@nestjs/common';

@Controller()
@deliveryV1.DeliveryServiceControllerMethods()
export class DeliveryController implements deliveryV1.DeliveryServiceController {
  constructor(private readonly push: PushBatch) {}

  async pushBatch({ pushes }: deliveryV1.PushBatchRequest): Promise<deliveryV1.PushBatchResponse> {
    return { reached: await this.push.execute(pushes) };
  }
}
