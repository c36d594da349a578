import type { DocumentStore } from '@music-etl/stage';
import type { Clock, Objects, Screen } from './ports.ts';

/** State documents of the bucket, every write conditional. */
export type { DocumentStore } from '@music-etl/stage';

/** Sends a message to a queue by its name. @throws UserError where there is no such queue */
export type SendMessage = (queue: string, message: unknown) => Promise<void>;

/** What the commands that change something have in common. */
export interface OperationDeps {
  documents: DocumentStore;
  objects: Pick<Objects, 'list' | 'read' | 'open'>;
  send: SendMessage;
  screen: Screen;
  clock: Clock;
  /** Eight hex digits by chance. */
  chance(): string;
  /** Who asks, for the documents. */
  requestedBy: string;
}
