import { FileRequested } from '@music-etl/contracts';
import type { MessageHandler } from '@music-etl/stage';
import { z } from 'zod';
import { onRequest, type RequestDeps } from '../app/on-request.ts';

const isFileRequest = (body: unknown): boolean =>
  z.looseObject({ type: FileRequested.shape.type }).safeParse(body).success;

/** Takes `file.requested`: a person's word on a file. What can never be done goes to the dead-letter queue, saying why. */
export const fileRequestHandler =
  (deps: RequestDeps): MessageHandler =>
  async (body) => {
    if (!isFileRequest(body)) return false;
    const request = FileRequested.safeParse(body);
    if (!request.success) {
      const wrong = request.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
      return { sendToDlq: { reason: 'malformed message', error: `file.requested with wrong ${wrong.join(', ')}` } };
    }
    const why = await onRequest(deps, request.data);
    return why === null || { sendToDlq: { reason: 'impossible request', error: why } };
  };
