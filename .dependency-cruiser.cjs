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
      severity: 'error',
      from: { path: '^cli/src/(quarantine|backfill|erasure|explain|redrive)/' },
      to: { path: '^cli/src/', pathNot: '^cli/src/($1|shared|testing)/' },
    },
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
