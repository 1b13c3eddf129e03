export interface RunningInstance {
  service: string;
  /** Name of the process. */
  instance: string;
  address: string;
  zone: string;
}

export interface ConsumerLag {
  group: string;
  topic: string;
  /** Not yet handled. */
  records: number;
}

/** What runs beside this gateway, for administrators. Answers from memory or by one question; never throws because a part is away. */
export abstract class SystemView {
  /** The other processes. Empty where there is only this one. */
  abstract instances(): RunningInstance[];
  abstract lag(): Promise<ConsumerLag[]>;
}
