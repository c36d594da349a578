import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { STAGES } from '@music-etl/contracts';
import { parse } from 'yaml';
import { z } from 'zod';

const Compose = z.object({
  services: z.record(z.string(), z.object({ path: z.string(), dependsOn: z.string().optional() })),
});

test('there is one service folder per stage', () => {
  expect(readdirSync('services').sort()).toEqual([...STAGES].sort());
});

test.each(STAGES)('the service folder of %s has what every stage needs', (stage) => {
  const files = ['package.json', 'README.md', 'serverless.yml', 'permissions.yml'];
  const sources = ['src/domain/definition.ts', 'src/handlers/functions.ts'];
  for (const file of [...files, ...sources]) expect(existsSync(`services/${stage}/${file}`)).toBe(true);
  expect(existsSync(`glue-scripts/jobs/${stage}.py`)).toBe(true);
});

test('serverless-compose.yml deploys the service of every stage, after ingest', () => {
  const { services } = Compose.parse(parse(readFileSync('serverless-compose.yml', 'utf8')));
  expect(services).toEqual(
    Object.fromEntries(
      STAGES.map((stage, i) => [stage, { path: `services/${stage}`, ...(i > 0 ? { dependsOn: STAGES[0] } : {}) }]),
    ),
  );
});
