import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a stage `enrich` between kpi and load needs: its entry in the list of stages, and its service folder. */
const ENTRY = "  { name: 'enrich', job: 'music_streaming_enrichment', result: KpiResult },\n";
const DEPLOY = '../../packages/deploy';
const SERVICE_FOLDER: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "@music-etl/enrich", "version": "1.0.0", "private": true, "type": "module" }\n',
  'serverless.yml': readFileSync('services/kpi/serverless.yml', 'utf8').replaceAll(/\bkpi\b/g, 'enrich'),
  'permissions.yml': `
- \${file(${DEPLOY}/fragments/job-statements.yml):readSnapshots}
- Sid: WriteKpis
  Effect: Allow
  Action: s3:PutObject
  Resource: arn:aws:s3:::\${param:bucket}/kpis/*
`,
  'src/domain/definition.ts': `
import { defineStage } from '@music-etl/stage';

export const definition = defineStage('enrich', { measure: () => [] });
`,
  'src/handlers/functions.ts': readFileSync('services/kpi/src/handlers/functions.ts', 'utf8'),
};

const COPIED = ['packages/contracts', 'packages/stage', 'packages/deploy', 'services', 'glue-scripts', 'package.json'];
const LEFT_OUT = /\/(test|tests|node_modules|\.esbuild|\.serverless|__pycache__|\.[a-z_]+_cache)$/;

/** Links the installed packages, and the workspaces of the copy. */
const linkPackages = (root: string): void => {
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, '@music-etl'), { recursive: true });
  for (const name of readdirSync('node_modules')) {
    if (name !== '@music-etl') symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
  }
  for (const name of ['contracts', 'stage', 'deploy']) {
    symlinkSync(join(root, 'packages', name), join(modules, '@music-etl', name));
  }
};

/** Copies the repository and adds the sixth stage. Returns the copy's folder. */
export const copyWithSixthStage = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'sixth-stage-'));
  for (const path of COPIED) {
    cpSync(path, join(root, path), { recursive: true, filter: (source) => !LEFT_OUT.test(source) });
  }
  linkPackages(root);
  const list = join(root, 'packages/contracts/src/stages.ts');
  writeFileSync(list, readFileSync(list, 'utf8').replace("  { name: 'load',", `${ENTRY}$&`));
  for (const [name, content] of Object.entries(SERVICE_FOLDER)) {
    const path = join(root, 'services/enrich', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return root;
};
