/** Where one invocation goes wrong: at its `at`-th call of a port. */
export interface Plan {
  readonly at: number;
  readonly fault: Fault;
}

export type Fault =
  /** The process dies before the call: nothing after it happens, clean-up included. */
  | { readonly kind: 'dies' }
  /** The call fails, without or with its effect (a lost answer). */
  | { readonly kind: 'fails' }
  | { readonly kind: 'answer lost' }
  /** The process is held up before the call, and the world goes on without it. */
  | { readonly kind: 'is slow'; readonly meanwhile: () => Promise<void> };

export class Broken extends Error {
  override readonly name = 'Broken';
}

export type Call = 'asks' | 'changes';
export type Through = <T>(kind: Call, call: () => Promise<T>) => Promise<T>;

const suffer = async (fault: Fault, call: () => Promise<unknown>): Promise<void> => {
  if (fault.kind === 'is slow') return fault.meanwhile();
  if (fault.kind === 'answer lost') await call();
  throw new Broken(fault.kind);
};

/** Notes the calls that go through it, and breaks the one the plan names. */
export const breaking = (plan: Plan | null): { readonly through: Through; readonly calls: readonly Call[] } => {
  const calls: Call[] = [];
  let dead = false;
  const through: Through = async (kind, call) => {
    if (dead) throw new Broken('dead');
    calls.push(kind);
    if (plan !== null && calls.length === plan.at) {
      dead = plan.fault.kind === 'dies';
      await suffer(plan.fault, call);
    }
    return call();
  };
  return { through, calls };
};

/** Whether a fault at a call differs from the same fault elsewhere: dying after a question is dying before it. */
export const isTelling = (calls: readonly Call[], at: number, kind: Fault['kind']): boolean => {
  const changes = calls[at - 1] === 'changes';
  const afterChange = at === 1 || calls[at - 2] === 'changes';
  if (kind === 'dies') return afterChange;
  if (kind === 'answer lost') return changes;
  return kind === 'fails' || changes || afterChange;
};
