import {
  type Exchange,
  type HttpResponse,
  type Interceptor,
  type Reply,
  readBody,
  readResponse,
} from '@music-etl/local';
import type { AwsRequest, Permission } from './aws-request.ts';
import { permissionsOf, permissionsOfResponse } from './permissions.ts';
import { type Principal, Principals } from './principals.ts';

/** A request of a function or a job, before it reaches the emulator. */
export interface ObservedRequest {
  readonly principal: Principal;
  readonly request: AwsRequest;
  readonly required: readonly Permission[];
}

/** Replies in place of AWS, waits, or lets the request pass (null). */
export type Fault = (request: ObservedRequest) => Reply | null | Promise<Reply | null>;

export interface Denial {
  readonly at: string;
  readonly principal: Principal;
  readonly required: readonly Permission[];
}

const ACCOUNT = '000000000000';

const needsBody = (exchange: Exchange): boolean => exchange.operation !== null || /[?&]delete\b/.test(exchange.url);

const requestOf = async (exchange: Exchange, region: string): Promise<AwsRequest> => {
  const { method, url, headers, operation } = exchange;
  const body = needsBody(exchange) ? (await readBody(exchange)).toString('utf8') : '';
  return { method, url, headers, operation, body, account: ACCOUNT, region };
};

const checkDenied = async (
  { operation }: AwsRequest,
  response: HttpResponse,
): Promise<{ response: HttpResponse; denied: boolean }> => {
  if (operation === null || response.status < 400) return { response, denied: response.status === 403 };
  const read = await readResponse(response);
  return { response: read, denied: read.body.includes('AccessDenied') };
};

const nameOf = (principal: Principal): string => {
  if (principal.kind === 'function') return principal.name;
  return principal.kind === 'job' ? principal.role : '';
};

/** Observes every request at the gateway: records who needed which permission, and applies the faults of tests. */
export class Watcher {
  readonly denials: Denial[] = [];
  readonly #used = new Map<string, Map<string, Permission>>();
  readonly #faults = new Set<Fault>();
  readonly #principals = new Principals();

  constructor(private readonly region: string) {}

  /** Returns the permissions that a function (by name) or a job's role has used so far. */
  usedBy(principal: string): readonly Permission[] {
    return [...(this.#used.get(principal)?.values() ?? [])];
  }

  /** Adds a fault. @returns a function that removes it */
  addFault(fault: Fault): () => void {
    this.#faults.add(fault);
    return () => this.#faults.delete(fault);
  }

  readonly interceptor: Interceptor = async (exchange, next) => {
    const role = await this.#principals.assumedRole(exchange);
    if (role !== null) {
      const reply = await next(exchange);
      return reply === 'hang up' ? reply : this.#principals.learn(role, reply);
    }
    const principal = this.#principals.of(exchange);
    if (principal.kind === 'other') return next(exchange);
    const request = await requestOf(exchange, this.region);
    const observed = { principal, request, required: permissionsOf(request) };
    for (const fault of this.#faults) {
      const injected = await fault(observed);
      if (injected !== null) return injected;
    }
    const reply = await next(exchange);
    return reply === 'hang up' ? reply : this.#record(observed, reply);
  };

  async #record({ principal, request, required }: ObservedRequest, reply: HttpResponse): Promise<HttpResponse> {
    const { response, denied } = await checkDenied(request, reply);
    if (denied) {
      this.denials.push({ at: new Date().toISOString(), principal, required });
      return response;
    }
    const used = this.#used.get(nameOf(principal)) ?? new Map<string, Permission>();
    this.#used.set(nameOf(principal), used);
    for (const permission of [...required, ...permissionsOfResponse(request, response.status)]) {
      used.set(`${permission.action} ${permission.resource}`, permission);
    }
    return response;
  }
}
