import { createStartHandler, type MessageHandler, requestHandler } from '@music-etl/stage';
import { register } from '../app/register.ts';
import { arrivalsOf } from '../domain/notification.ts';
import { deps, formRun, registerDeps } from './deps.ts';
import { fileRequestHandler } from './file-request.ts';

const onNotification: MessageHandler = async (body) => {
  const arrivals = arrivalsOf(body);
  if (arrivals === null) return false;
  for (const arrived of arrivals) await register(registerDeps, arrived);
  return true;
};

const handlers = [requestHandler(deps), fileRequestHandler(deps), onNotification];

export const handler = createStartHandler(deps, handlers, formRun);
