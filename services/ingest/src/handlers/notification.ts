import type { MessageHandler } from '@music-etl/stage/handlers';
import { type RegisterDeps, register } from '../app/register.ts';
import { arrivalsOf } from '../domain/notification.ts';

/** Handles S3's notifications: registers every arrival. */
export const notificationHandler =
  (deps: RegisterDeps): MessageHandler =>
  async (body) => {
    const arrivals = arrivalsOf(body);
    for (const arrived of arrivals ?? []) await register(deps, arrived);
    return arrivals !== null;
  };
