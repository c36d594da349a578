import type { Permission } from './aws-request.ts';

/** One statement of a deployed role. */
export interface RoleStatement {
  readonly role: string;
  readonly policy: string;
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** A part of a statement that no request needed: an action or a resource entry. */
export interface UnusedPart {
  readonly role: string;
  readonly sid: string;
  readonly part: string;
}

const pattern = (glob: string): RegExp => {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
};

const matches = (glob: string, value: string): boolean => pattern(glob).test(value);

const allows = (statement: RoleStatement, { action, resource }: Permission): boolean =>
  statement.actions.some((allowed) => matches(allowed.toLowerCase(), action.toLowerCase())) &&
  statement.resources.some((allowed) => matches(allowed, resource));

const markUsed = (statement: RoleStatement, { action, resource }: Permission, used: Set<string>): void => {
  for (const allowed of statement.actions) {
    if (matches(allowed.toLowerCase(), action.toLowerCase())) used.add(allowed);
  }
  const entries = statement.resources.filter((allowed) => matches(allowed, resource));
  // If two entries match, the role needs neither.
  if (entries.length === 1) for (const entry of entries) used.add(entry);
};

/**
 * Returns what a role could lose without any of the allowed requests being denied: each action and resource entry that
 * no request needed, if only its statement allows that request.
 */
export const unusedPartsOf = (statements: readonly RoleStatement[], required: readonly Permission[]): UnusedPart[] => {
  const used = new Map(statements.map((statement) => [statement, new Set<string>()]));
  for (const permission of required) {
    const allowing = statements.filter((statement) => allows(statement, permission));
    const [only] = allowing;
    if (only && allowing.length === 1) markUsed(only, permission, used.get(only) ?? new Set());
  }
  return statements.flatMap((statement) =>
    [...statement.actions, ...statement.resources]
      .filter((part) => !used.get(statement)?.has(part))
      .map((part) => ({ role: statement.role, sid: statement.sid, part })),
  );
};
