import {
  GetQueueAttributesCommand,
  paginateListQueues,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { queueName, STAGES } from '@music-etl/contracts';
import { mapLimit } from '../map-limit.ts';
import type { DeadLetter, QueueView } from '../pipeline/snapshot.ts';
import type { Queues } from '../ports.ts';
import { stageQueues } from '../queue-names.ts';
import { letterOf } from './dead-letter-message.ts';

const PREFIX = 'music-streaming-';
const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** In the order of the stages; others at the end. */
const orderOf = (url: string): number => {
  const found = STAGES.findIndex((stage) => nameOf(url).startsWith(queueName(stage)));
  return found < 0 ? STAGES.length : found;
};

/** The names of one deployment's queues. */
const ownNames = (suffix: string): ReadonlySet<string> =>
  new Set(STAGES.flatMap((stage) => Object.values(stageQueues(stage, suffix))));

/** The pipeline's queues, found by their common prefix: those of one deployment, or of all if none is named. */
export class SqsQueues implements Queues {
  #urls: string[] = [];

  constructor(
    private readonly sqs: SQSClient,
    private readonly suffix?: string,
  ) {}

  async look(): Promise<QueueView[]> {
    if (this.#urls.length === 0) this.#urls = await this.#find();
    return mapLimit(this.#urls, 4, (url) => this.#depth(url));
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

  /** Looks into dead-letter queues without taking anything out: what is received is visible again at once. */
  async letters(queues: readonly QueueView[]): Promise<DeadLetter[]> {
    const filled = new Set(queues.filter(({ dead, visible }) => dead && visible > 0).map(({ name }) => name));
    const found = await mapLimit(
      this.#urls.filter((url) => filled.has(nameOf(url))),
      4,
      async (url) => {
        const { Messages = [] } = await this.sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: 10,
            VisibilityTimeout: 0,
            MessageAttributeNames: ['All'],
          }),
        );
        return Messages.map((message) => letterOf(nameOf(url), message));
      },
    );
    return found.flat();
  }
}
