import { FileRequested } from '@music-etl/contracts';
import type { MessageHandler } from '@music-etl/stage/handlers';
import { z } from 'zod';
import { handleRequest, type RequestDeps } from '../app/handle-request.ts';

const isFileRequest = (body: unknown): boolean =>
  z.looseObject({ type: FileRequested.shape.type }).safeParse(body).success;

/** Handles `file.requested`: a person's decision on a file. One that can never be carried out goes to the DLQ. */
export const fileRequestHandler =
  (deps: RequestDeps): MessageHandler =>
  async (body) => {
    if (!isFileRequest(body)) return false;
    const request = FileRequested.safeParse(body);
    if (!request.success) {
      const wrong = request.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
      return { sendToDlq: { reason: 'malformed message', error: `file.requested with wrong ${wrong.join(', ')}` } };
    }
    const why = await handleRequest(deps, request.data);
    return why === null || { sendToDlq: { reason: 'impossible request', error: why } };
  };
