import {
  type Exchange,
  type HttpResponse,
  type Interceptor,
  type Reply,
  readBody,
  readResponse,
} from '@music-etl/local';
import { type Asked, type Need, needsOf, needsOfAnswer } from './needs.ts';
import { type Principal, Principals } from './principals.ts';

/** A request on its way in, as faults look at it. */
export interface Request {
  readonly who: Principal;
  readonly asked: Asked;
  readonly needs: readonly Need[];
}

/** Answers in place of AWS, waits, or lets the request through (null). */
export type Fault = (request: Request) => Reply | null | Promise<Reply | null>;

export interface Denial {
  readonly at: string;
  readonly who: Principal;
  readonly needs: readonly Need[];
}

const ACCOUNT = '000000000000';

const wantsBody = (exchange: Exchange): boolean => exchange.operation !== null || /[?&]delete\b/.test(exchange.url);

const askedOf = async (exchange: Exchange, region: string): Promise<Asked> => {
  const { method, url, headers, operation } = exchange;
  const body = wantsBody(exchange) ? (await readBody(exchange)).toString('utf8') : '';
  return { method, url, headers, operation, body, account: ACCOUNT, region };
};

const isDenied = async (asked: Asked, answer: HttpResponse): Promise<{ answer: HttpResponse; denied: boolean }> => {
  if (asked.operation === null || answer.status < 400) return { answer, denied: answer.status === 403 };
  const read = await readResponse(answer);
  return { answer: read, denied: read.body.includes('AccessDenied') };
};

/** Sees every request that reaches the local stack: remembers who needed what, and lets tests break things. */
export class Watcher {
  readonly denials: Denial[] = [];
  readonly #allowed = new Map<string, Map<string, Need>>();
  readonly #faults = new Set<Fault>();
  readonly #principals = new Principals();

  constructor(private readonly region: string) {}

  /** What a function (by name) or a job's role was allowed to do so far. */
  allowed(principal: string): readonly Need[] {
    return [...(this.#allowed.get(principal)?.values() ?? [])];
  }

  /** @returns what takes the fault away again. */
  breakBy(fault: Fault): () => void {
    this.#faults.add(fault);
    return () => this.#faults.delete(fault);
  }

  readonly interceptor: Interceptor = async (exchange, next) => {
    const role = await this.#principals.assumed(exchange);
    if (role !== null) {
      const reply = await next(exchange);
      return reply === 'hang up' ? reply : this.#principals.learn(role, reply);
    }
    const who = this.#principals.of(exchange);
    if (who.kind === 'other') return next(exchange);
    const asked = await askedOf(exchange, this.region);
    const request = { who, asked, needs: needsOf(asked) };
    for (const fault of this.#faults) {
      const instead = await fault(request);
      if (instead !== null) return instead;
    }
    const reply = await next(exchange);
    return reply === 'hang up' ? reply : this.#remember(request, reply);
  };

  async #remember({ who, asked, needs }: Request, reply: HttpResponse): Promise<HttpResponse> {
    const { answer, denied } = await isDenied(asked, reply);
    if (denied) {
      this.denials.push({ at: new Date().toISOString(), who, needs });
      return answer;
    }
    const name = who.kind === 'function' ? who.name : who.kind === 'job' ? who.role : '';
    const allowed = this.#allowed.get(name) ?? new Map<string, Need>();
    this.#allowed.set(name, allowed);
    for (const need of [...needs, ...needsOfAnswer(asked, answer.status)]) {
      allowed.set(`${need.action} ${need.resource}`, need);
    }
    return answer;
  }
}
