/** A received message, with the parts that its copy in another queue keeps. */
export type DeadLetterMessage = {
  receipt: string;
  /** The queue that the message was moved from; null if it was sent to the dead-letter queue directly. */
  sourceArn: string | null;
  copy: Record<string, unknown>;
};

/** The operations on queues that move tasks need; an adapter makes them on the emulator. */
export type Queues = {
  /** Returns null if there is no such queue. `sources` are the URLs of the queues whose dead letters go there. */
  inspect: (arn: string) => Promise<{ messages: number; sources: readonly string[] } | null>;
  receive: (arn: string, max: number) => Promise<readonly DeadLetterMessage[]>;
  send: (arn: string, message: DeadLetterMessage) => Promise<void>;
  remove: (arn: string, message: DeadLetterMessage) => Promise<void>;
};
