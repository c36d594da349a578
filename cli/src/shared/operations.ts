import { randomBytes } from 'node:crypto';
import type { DocumentStore } from '@music-etl/stage';
import { s3Documents } from '@music-etl/stage/s3-documents';
import { type Clients, withClients } from './aws/clients.ts';
import { S3Objects } from './aws/s3-objects.ts';
import { sqsSend } from './aws/sqs-send.ts';
import { realClock } from './clock.ts';
import { currentUser } from './current-user.ts';
import type { Clock, Objects, Screen, SendMessage } from './ports.ts';
import type { Target } from './target.ts';

/** What the commands that change something have in common. */
export interface OperationDeps {
  /** Writes documents, every write conditional; shared/documents.ts reads them from `objects`. */
  documents: DocumentStore;
  objects: Pick<Objects, 'list' | 'read' | 'open'>;
  send: SendMessage;
  screen: Screen;
  clock: Clock;
  /** Eight random hex digits. */
  randomHex(): string;
  /** Who runs the command, for the documents. */
  requestedBy: string;
}

/** Builds the dependencies of a command that changes something. */
export const operationDeps = (clients: Clients, { bucket }: Target, screen: Screen): OperationDeps => ({
  documents: s3Documents(clients.s3, bucket),
  objects: new S3Objects(clients.s3, bucket),
  send: sqsSend(clients.sqs),
  screen,
  clock: realClock,
  randomHex: () => randomBytes(4).toString('hex'),
  requestedBy: currentUser(),
});

/** Connects to a target for as long as an operation takes. */
export const withOperations = <T>(
  target: Target,
  screen: Screen,
  work: (deps: OperationDeps) => Promise<T>,
): Promise<T> => withClients(target, (clients) => work(operationDeps(clients, target, screen)));
