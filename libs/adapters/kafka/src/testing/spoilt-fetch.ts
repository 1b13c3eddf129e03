import { createRequire } from 'node:module';

interface ConsumerGroup {
  groupId: string;
  fetch(nodeId: number): Promise<unknown[]>;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup') as {
  prototype: ConsumerGroup;
};

/** Makes the next members of a group fetch in another way, as kafkajs does after some failures. Answers how to undo it. */
export function spoilFetch(group: string, spoilt: () => Promise<unknown[]>, members: number): () => void {
  const fetch = prototype.fetch;
  const victims = new Set<ConsumerGroup>();
  prototype.fetch = function (this: ConsumerGroup, nodeId: number) {
    if (this.groupId !== group) return fetch.call(this, nodeId);
    if (victims.size < members) victims.add(this);
    return victims.has(this) ? spoilt() : fetch.call(this, nodeId);
  };
  return () => {
    prototype.fetch = fetch;
  };
}
