import type { Exchange, HttpResponse } from '@music-etl/local';
import { readBody, readResponse } from '@music-etl/local';

/** Who made a request: a deployed function, a job's session, or somebody outside (the test, the deployment, the local stack). */
export type Principal =
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'job'; readonly role: string }
  | { readonly kind: 'other' };

const OTHER: Principal = { kind: 'other' };

/** Jobs name their Glue run where functions name themselves; who they are their session says. */
const isJobRun = (name: string): boolean => name.startsWith('jr_');

const accessKeyOf = (exchange: Exchange): string =>
  /Credential=([^/]+)\//.exec(exchange.headers.authorization ?? '')?.[1] ?? '';

/** Recognises principals; learns which role's session an access key is from the AssumeRole calls that pass by. */
export class Principals {
  readonly #roles = new Map<string, string>();

  of(exchange: Exchange): Principal {
    const name = /\bapp\/([\w-]+)/.exec(exchange.headers['user-agent'] ?? '')?.[1];
    if (name !== undefined && !isJobRun(name)) return { kind: 'function', name };
    const role = this.#roles.get(accessKeyOf(exchange));
    return role === undefined ? OTHER : { kind: 'job', role };
  }

  /** The role an AssumeRole request asks for; null for every other request. */
  async assumed(exchange: Exchange): Promise<string | null> {
    if (!String(exchange.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return null;
    const form = new URLSearchParams((await readBody(exchange)).toString('utf8'));
    return form.get('Action') === 'AssumeRole' ? (form.get('RoleArn')?.split('/').at(-1) ?? null) : null;
  }

  async learn(role: string, answer: HttpResponse): Promise<HttpResponse> {
    const read = await readResponse(answer);
    const key = /<AccessKeyId>([^<]+)</.exec(read.body.toString('utf8'))?.[1];
    if (key !== undefined) this.#roles.set(key, role);
    return read;
  }
}

/** The stage and movement a function's name tells of: `music-streaming-kpi-local-complete`. */
export const movementOf = (name: string): { stage: string; movement: string } => {
  const [, stage = '', movement = ''] = /^music-streaming-([a-z]+)-[a-z]+-(\w+)$/.exec(name) ?? [];
  return { stage, movement };
};
