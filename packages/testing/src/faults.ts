/** The fault plan of one invocation: it goes wrong at its `at`-th call of a port. */
export interface Plan {
  readonly at: number;
  readonly fault: Fault;
}

export type Fault =
  /** The process dies before the call: nothing after it happens, clean-up included. */
  | { readonly kind: 'dies' }
  /** The call fails without effect. */
  | { readonly kind: 'fails' }
  /** The call takes effect and its answer is lost. */
  | { readonly kind: 'answer lost' }
  /** The process stops before the call, other things happen meanwhile, then it goes on. */
  | { readonly kind: 'is slow'; readonly meanwhile: () => Promise<void> };

export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
}

export type Call = 'reads' | 'writes';
export type Gate = <T>(kind: Call, call: () => Promise<T>) => Promise<T>;

const inject = async (fault: Fault, call: () => Promise<unknown>): Promise<void> => {
  if (fault.kind === 'is slow') return fault.meanwhile();
  if (fault.kind === 'answer lost') await call();
  throw new InjectedFault(fault.kind);
};

/** Records the calls that pass the gate, and injects the planned fault. */
export const faultGate = (plan: Plan | null): { readonly gate: Gate; readonly calls: readonly Call[] } => {
  const calls: Call[] = [];
  let dead = false;
  const gate: Gate = async (kind, call) => {
    if (dead) throw new InjectedFault('dead');
    calls.push(kind);
    if (plan !== null && calls.length === plan.at) {
      dead = plan.fault.kind === 'dies';
      await inject(plan.fault, call);
    }
    return call();
  };
  return { gate, calls };
};

/** Returns whether a fault at a call differs from the same fault elsewhere: dying after a read is dying before it. */
export const isDistinct = (calls: readonly Call[], at: number, kind: Fault['kind']): boolean => {
  const writes = calls[at - 1] === 'writes';
  const afterWrite = at === 1 || calls[at - 2] === 'writes';
  if (kind === 'dies') return afterWrite;
  if (kind === 'answer lost') return writes;
  return kind === 'fails' || writes || afterWrite;
};
