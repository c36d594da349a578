import {
  GetQueueAttributesCommand,
  paginateListQueues,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { queueName, STAGES } from '@music-etl/contracts';
import { mapLimit } from '../map-limit.ts';
import type { DeadLetterMessage, QueueView } from '../pipeline/snapshot.ts';
import type { Queues } from '../ports.ts';
import { stageQueues } from '../queue-names.ts';
import { deadLetterMessage } from './dead-letter-message.ts';

const PREFIX = 'music-streaming-';
const AT_ONCE = 4;
const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** Orders queues by their stages; others come last. */
const orderOf = (url: string): number => {
  const found = STAGES.findIndex((stage) => nameOf(url).startsWith(queueName(stage)));
  return found < 0 ? STAGES.length : found;
};

/** Returns the names of one deployment's queues. */
const ownNames = (suffix: string): ReadonlySet<string> =>
  new Set(STAGES.flatMap((stage) => Object.values(stageQueues(stage, suffix))));

/** The pipeline's queues in SQS, found by their common prefix: those of one deployment, or of all. */
export class SqsQueues implements Queues {
  #urls: string[] = [];

  constructor(
    private readonly sqs: SQSClient,
    private readonly suffix?: string,
  ) {}

  async look(): Promise<QueueView[]> {
    if (this.#urls.length === 0) this.#urls = await this.#find();
    return mapLimit(this.#urls, AT_ONCE, (url) => this.#depth(url));
  }

  async #find(): Promise<string[]> {
    const own = this.suffix === undefined ? null : ownNames(this.suffix);
    const urls: string[] = [];
    for await (const page of paginateListQueues({ client: this.sqs }, { QueueNamePrefix: PREFIX, MaxResults: 100 })) {
      urls.push(...(page.QueueUrls ?? []).filter((url) => own?.has(nameOf(url)) ?? true));
    }
    return urls.sort((a, b) => orderOf(a) - orderOf(b) || (a < b ? -1 : 1));
  }

  async #depth(url: string): Promise<QueueView> {
    const { Attributes: found = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    );
    const name = nameOf(url);
    return {
      name,
      dead: name.endsWith('-dlq'),
      visible: Number(found.ApproximateNumberOfMessages ?? 0),
      in_flight: Number(found.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(found.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  }

  /** Reads dead-letter messages and leaves them in their queues: what is received is visible again at once. */
  async deadLetterMessages(queues: readonly QueueView[]): Promise<DeadLetterMessage[]> {
    const filled = new Set(queues.filter(({ dead, visible }) => dead && visible > 0).map(({ name }) => name));
    const urls = this.#urls.filter((url) => filled.has(nameOf(url)));
    return (await mapLimit(urls, AT_ONCE, (url) => this.#peek(url))).flat();
  }

  async #peek(url: string): Promise<DeadLetterMessage[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages.map((message) => deadLetterMessage(nameOf(url), message));
  }
}
