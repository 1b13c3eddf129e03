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
   * Called with records in order, never twice at once. Progress is recorded after it resolves, so a record comes again when the
   * process dies before: handlers are idempotent (DEDUPE: by seq or id in the record). A rejection repeats the same records after a pause.
   */
  handle: (records: ReceivedRecord[]) => Promise<void>;
}

/** The event log between services: Kafka, or its embedded stand-in. At least once, in order per key. */
export abstract class EventLog {
  /** Resolves when all records are durable. Records of one call keep their order per key. */
  abstract publishBatch(records: readonly LogRecord[]): Promise<void>;
  /** A new group starts at the oldest record kept. Resolves when records flow. */
  abstract subscribe(subscription: LogSubscription): Promise<void>;
  /** Records not yet handled, per group and topic; for metrics and drain. */
  abstract lag(): Promise<{ group: string; topic: string; records: number }[]>;
  /** Lets running handlers end, records their progress, then stops. */
  abstract close(): Promise<void>;
}
