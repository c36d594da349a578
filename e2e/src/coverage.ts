import type { Need } from './needs.ts';

/** One statement of a role, as it is deployed. */
export interface RoleStatement {
  readonly role: string;
  readonly policy: string;
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Part of a statement that no request needed: an action, a resource entry. */
export interface Unneeded {
  readonly role: string;
  readonly sid: string;
  readonly part: string;
}

const pattern = (glob: string): RegExp => {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
};

const matches = (glob: string, value: string): boolean => pattern(glob).test(value);

const allows = (statement: RoleStatement, need: Need): boolean =>
  statement.actions.some((action) => matches(action.toLowerCase(), need.action.toLowerCase())) &&
  statement.resources.some((resource) => matches(resource, need.resource));

const markNeeded = (statement: RoleStatement, need: Need, needed: Set<string>): void => {
  for (const action of statement.actions) {
    if (matches(action.toLowerCase(), need.action.toLowerCase())) needed.add(action);
  }
  const entries = statement.resources.filter((resource) => matches(resource, need.resource));
  // Of two entries that both match neither is needed.
  if (entries.length === 1) for (const entry of entries) needed.add(entry);
};

/**
 * What could be taken out of a role's statements without any of the allowed requests being denied: every action and
 * every resource entry that no request needed which this statement alone allows.
 */
export const unneededIn = (statements: readonly RoleStatement[], allowed: readonly Need[]): Unneeded[] => {
  const needed = new Map(statements.map((statement) => [statement, new Set<string>()]));
  for (const need of allowed) {
    const allowing = statements.filter((statement) => allows(statement, need));
    const [only] = allowing;
    if (only && allowing.length === 1) markNeeded(only, need, needed.get(only) ?? new Set());
  }
  return statements.flatMap((statement) =>
    [...statement.actions, ...statement.resources]
      .filter((part) => !needed.get(statement)?.has(part))
      .map((part) => ({ role: statement.role, sid: statement.sid, part })),
  );
};
