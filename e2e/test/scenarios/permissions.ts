import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { unneededIn } from '../../src/coverage.ts';
import { reaches, runOf } from '../../src/documents.ts';
import { jobRole } from '../../src/faults.ts';
import { groupBy } from '../../src/group-by.ts';
import { deadLetter, redrive } from '../../src/messages.ts';
import type { Need } from '../../src/needs.ts';
import { exportEqualToOracle } from '../../src/oracle.ts';
import { deployedStatements, policyOf } from '../../src/policies.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import type { World } from '../../src/world.ts';

/** What no request can show here, and why. */
const NOT_SHOWN = [
  // Lambda writes a function's log with the function's role; MiniStack writes it by itself.
  { role: /^MusicStreaming-/, sid: 'Log' },
  // Lambda polls a queue with the function's role; MiniStack by itself. Without a mapping no message would ever arrive.
  { role: /-start-/, sid: 'ReceiveMessages' },
  // Without it S3 answers 403, not 404, for a version that is gone; MiniStack answers 404 either way.
  { role: /^AWSGlueServiceRole-MusicStreaming(Ingest|Validate|Archive)/, sid: 'ListVersions' },
  // Only for a snapshot that is built in the moment in which a file is validated (glue-scripts/tests/test_replay_race.py).
  { role: /^AWSGlueServiceRole-MusicStreamingValidate/, sid: 'ReadQuarantine' },
  { role: /^AWSGlueServiceRole-MusicStreamingValidate/, sid: 'RequestReplays' },
];

const isNotShown = ({ role, sid }: { role: string; sid: string }): boolean =>
  NOT_SHOWN.some((exception) => exception.role.test(role) && exception.sid === sid);

/** What each role was allowed to do: its functions' requests, or its job's. */
const allowedOf = async (world: World, role: string): Promise<readonly Need[]> => {
  const { Functions = [] } = await world.lambda.send(new ListFunctionsCommand({}));
  const functions = Functions.filter(({ Role = '' }) => Role.endsWith(`/${role}`));
  return [
    ...world.watcher.allowed(role),
    ...functions.flatMap(({ FunctionName = '' }) => world.watcher.allowed(FunctionName)),
  ];
};

export const describePermissions = (the: () => World): void =>
  describe('what the roles may do', () => {
    test('is enough: nothing that a function or a job asked for was denied', async () => {
      expect(the().watcher.denials).toEqual([]);
    });

    test('is no more than that: every action and resource of every statement was needed, and by nothing else covered', async () => {
      const world = the();
      const statements = await deployedStatements(world);
      const byRole = groupBy(statements, ({ role }) => role);
      expect(byRole.size).toBe(21);
      const unneeded = [];
      for (const [role, ofRole] of byRole) unneeded.push(...unneededIn(ofRole, await allowedOf(world, role)));
      const found = unneeded.filter((part) => !isNotShown(part));
      expect(found.map(({ role, sid, part }) => `${role} ${sid}: ${part}`)).toEqual([]);
    });

    test('is enforced: without one of its statements a job fails and says so; with it again the redriven run completes', async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
      const names = { RoleName: jobRole('validate'), PolicyName: 'job' };
      const policy = await policyOf(world, names.RoleName, names.PolicyName);
      const Statement = policy.Statement.filter(({ Sid }) => Sid !== 'WriteRows');
      expect(Statement).toHaveLength(policy.Statement.length - 1);
      const file = await put(world, 'streams/denied.csv', stream('e1,u1,T1,2018-11-15 10:00:00'));
      const set = (document: unknown) =>
        world.iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument: JSON.stringify(document) }));
      await set({ ...policy, Statement });
      try {
        const letter = await deadLetter(world, 'validate', await runOf(world, file));
        expect(letter.attributes.error).toMatch(/AccessDenied|403/);
      } finally {
        await set(policy);
      }
      await redrive(world, 'validate');
      await reaches(world, file, 'archived');
      await terminal(world);
      await exportEqualToOracle(world);
    });
  });
