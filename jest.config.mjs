const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
  module: { type: 'commonjs' },
};

const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  testEnvironment: 'node',
  // middy comes as ES modules only.
  transform: { '\\.(ts|mjs|js)$': ['@swc/jest', swc] },
  transformIgnorePatterns: ['/node_modules/(?!(@middy)/)'],
  moduleNameMapper: { '^@middy/(core|util)$': '<rootDir>/node_modules/@middy/$1/index.js' },
  modulePathIgnorePatterns: ['/\\.esbuild/', '/\\.serverless/', '/\\.music-etl/'],
  ...extra,
});

/** `unit`: fast, without processes. `e2e`: through the deployed services on the local stack. */
export default {
  projects: [
    project('unit', ['**/*.test.ts'], { testPathIgnorePatterns: ['/node_modules/', '\\.e2e\\.test\\.ts$'] }),
    project('e2e', ['**/test/**/*.e2e.test.ts']),
  ],
};
