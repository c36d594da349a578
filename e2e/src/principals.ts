import { type Exchange, type HttpResponse, readBody, readResponse } from '@music-etl/local';

/** The sender of a request: a function, a job's session, or another one (the test, the deployment, the local stack). */
export type Principal =
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'job'; readonly role: string }
  | { readonly kind: 'other' };

const OTHER: Principal = { kind: 'other' };

/** Jobs have their Glue run where functions have their name. Their session identifies them. */
const isJobRun = (name: string): boolean => name.startsWith('jr_');

const accessKeyOf = (exchange: Exchange): string =>
  /Credential=([^/]+)\//.exec(exchange.headers.authorization ?? '')?.[1] ?? '';

/** Identifies principals. It learns the role of an access key from the AssumeRole requests that pass. */
export class Principals {
  readonly #roles = new Map<string, string>();

  of(exchange: Exchange): Principal {
    const name = /\bapp\/([\w-]+)/.exec(exchange.headers['user-agent'] ?? '')?.[1];
    if (name !== undefined && !isJobRun(name)) return { kind: 'function', name };
    const role = this.#roles.get(accessKeyOf(exchange));
    return role === undefined ? OTHER : { kind: 'job', role };
  }

  /** Returns the role of an AssumeRole request, or null for any other request. */
  async assumedRole(exchange: Exchange): Promise<string | null> {
    if (!String(exchange.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return null;
    const form = new URLSearchParams((await readBody(exchange)).toString('utf8'));
    return form.get('Action') === 'AssumeRole' ? (form.get('RoleArn')?.split('/').at(-1) ?? null) : null;
  }

  async learn(role: string, response: HttpResponse): Promise<HttpResponse> {
    const read = await readResponse(response);
    const key = /<AccessKeyId>([^<]+)</.exec(read.body.toString('utf8'))?.[1];
    if (key !== undefined) this.#roles.set(key, role);
    return read;
  }
}

/** Returns the stage and the movement in a function's name: `music-streaming-kpi-local-complete`. */
export const movementOf = (name: string): { stage: string; movement: string } => {
  const [, stage = '', movement = ''] = /^music-streaming-([a-z]+)-[a-z]+-(\w+)$/.exec(name) ?? [];
  return { stage, movement };
};
