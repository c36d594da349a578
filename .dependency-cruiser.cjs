/** Feature of the tool → the features that it is built of. All others import only shared modules. */
const FEATURES_USED = {
  // Starts a stack, puts sample files, and renders the run and its KPIs with the code of the commands that it shows.
  demo: ['put', 'run', 'show', 'stack'],
  // Starts a stack, puts a folder and exports the KPIs: three commands in one.
  run: ['export', 'put', 'stack'],
};

/** The module boundaries of docs/architecture.md. */
module.exports = {
  forbidden: [
    {
      name: 'services-never-import-services',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    {
      name: 'domain-imports-nothing-outward',
      severity: 'error',
      from: { path: '/domain/' },
      to: { path: '(/adapters/|/handlers/|/app/|node_modules/(@aws-sdk|@middy|@aws-lambda-powertools))' },
    },
    {
      name: 'only-adapters-know-an-sdk',
      severity: 'error',
      from: { path: '^(services|packages)/', pathNot: '(/adapters/|/test/|^packages/(deploy|testing)/)' },
      to: { path: 'node_modules/@aws-sdk' },
    },
    {
      name: 'packages-never-import-services',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(services|cli|local)/' },
    },
    {
      name: 'contracts-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/contracts/src' },
      to: { path: '^(services|cli|local|packages/stage)/' },
    },
    {
      name: 'no-feature-of-the-tool-imports-another',
      comment: 'FEATURES_USED has the exceptions.',
      severity: 'error',
      from: {
        path: '^cli/src/([^/]+)/',
        pathNot: `^cli/src/(${['testing', ...Object.keys(FEATURES_USED)].join('|')})/`,
      },
      to: { path: '^cli/src/', pathNot: '^cli/src/($1|shared|testing)/' },
    },
    ...Object.entries(FEATURES_USED).map(([feature, used]) => ({
      name: `${feature}-of-the-tool-imports-few-features`,
      severity: 'error',
      from: { path: `^cli/src/${feature}/` },
      to: { path: '^cli/src/', pathNot: `^cli/src/(${[feature, ...used].join('|')}|shared|testing)/` },
    })),
    {
      name: 'only-tests-import-testing',
      severity: 'error',
      from: { path: '^(services|packages|local|cli|bench)/', pathNot: '(/test/|\\.test\\.ts$|/testing/)' },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'shared-modules-of-the-tool-import-no-command',
      severity: 'error',
      from: { path: '^cli/src/shared/' },
      to: { path: '^cli/src/(?!shared/|testing/)' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '(\\.esbuild|\\.serverless)/' },
  },
};
