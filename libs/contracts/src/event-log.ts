/** A fact for other services. `value` is the protobuf encoding that the topic's table entry names. */
export interface LogRecord {
  topic: string;
  /** Records of one key are seen in the order they were published. */
  key: string;
  value: Uint8Array;
}

export interface ReceivedRecord extends LogRecord {
  /** Grows within a topic (embedded) or a partition (Kafka); for diagnosis only. */
  offset: string;
}

export interface LogSubscription {
  /** `<service>.<handler>`; one member of a group sees each record. */
  group: string;
  topic: string;
  /**
   * Called with records in the order of their keys; records of one key are never handed over twice at once. Progress is recorded after it resolves, so a record comes again when the
   * process dies before: handlers are idempotent (DEDUPE: by seq or id in the record). A rejection repeats the same records after a pause.
   */
  handle: (records: ReceivedRecord[]) => Promise<void>;
  /**
   * From now on other members may see records of these keys; what this process knows from having followed them is out of date.
   * Called before the next record of such a key is handed over here again. Never called where a group has one member only.
   */
  lost?: (isLost: (key: string) => boolean) => void;
}

/** The event log between services: Kafka, or its embedded stand-in. At least once, in order per key. */
export abstract class EventLog {
  /**
   * Resolves when all records are durable. Records of one call keep their order per key, and so do calls of one process.
   * Rejects with a retryable error within 10 s when the log cannot take them. ORDER: what was rejected may still arrive, even later:
   * publish the same again before anything newer of its keys, and consumers see a repeat, never a gap.
   */
  abstract publishBatch(records: readonly LogRecord[]): Promise<void>;
  /** A new group starts at the oldest record kept. Resolves when records flow. */
  abstract subscribe(subscription: LogSubscription): Promise<void>;
  /** Records not yet handled, per group and topic; for metrics and drain. */
  abstract lag(): Promise<{ group: string; topic: string; records: number }[]>;
  /**
   * Hands over all records of a topic that are kept now, in the order of their keys, and records no progress: for people who look into
   * it. Rejects with what `take` rejects with.
   */
  abstract replay(topic: string, take: (records: ReceivedRecord[]) => Promise<void>): Promise<void>;
  /** Lets running handlers end, records their progress, then stops. */
  abstract close(): Promise<void>;
}
