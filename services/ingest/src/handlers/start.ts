import { createStartHandler, type MessageHandler, requestHandler } from '@music-etl/stage';
import { register } from '../app/register.ts';
import { arrivalsOf } from '../domain/notification.ts';
import { deps, formRun, registerDeps } from './deps.ts';

const onNotification: MessageHandler = async (body) => {
  const arrivals = arrivalsOf(body);
  if (arrivals === null) return false;
  for (const arrived of arrivals) await register(registerDeps, arrived);
  return true;
};

export const handler = createStartHandler(deps, [requestHandler(deps), onNotification], formRun);
