/**
 * General mutations of the operations and of the reference kernels: `npm run mutation`. What known defects are worth trying,
 * `npm run mutants` tries one by one.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  plugins: ['./test/mutation/node_modules/@stryker-mutator/vitest-runner/dist/src/index.js'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  mutate: ['src/ops/*.ts', 'src/kernels/reference/*.ts', '!src/**/index.ts'],
  mutator: {
    // The words of an error message are no behaviour, as long as tests see that it is thrown.
    excludedMutations: ['StringLiteral'],
  },
  ignorePatterns: ['dist', 'docs', 'runs', 'apps', 'examples', 'bench', '.git'],
  ignoreStatic: true,
  disableTypeChecks: false,
  reporters: ['progress', 'clear-text', 'json'],
  jsonReporter: { fileName: 'runs/mutation/mutation.json' },
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  concurrency: 1,
  timeoutMS: 20_000,
  timeoutFactor: 3,
  tempDirName: 'runs/mutation/sandbox',
  incremental: true,
  incrementalFile: 'runs/mutation/incremental.json',
  allowConsoleColors: false,
};
