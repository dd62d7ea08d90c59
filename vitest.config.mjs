import { defineConfig } from 'vitest/config';

const checks = 'engine/checking/checks/**/*.test.ts';
/** Tests that put something in the place of a module, which must not be loaded already. */
const mocked = ['client/**/*.test.ts', 'engine/databases/postgresql/shadow/result-cache.test.ts'];
const common = { testTimeout: 60_000, hookTimeout: 120_000, maxConcurrency: 2, pool: 'forks', env: { MEM8_CACHE: 'off' } };
// Node.js loads the CommonJS edition of graphql for @graphql-inspector/core; objects of another edition are refused there.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-once.mjs'],
    maxWorkers: 2,
    projects: [
      {
        resolve,
        test: {
          ...common,
          name: 'all',
          include: ['{protocol,engine,server,cli,test}/**/*.test.ts'],
          exclude: [checks, ...mocked, 'test/vscode/**', '**/node_modules/**'],
          // To load the engine takes longer than most files of tests.
          isolate: false,
        },
      },
      { resolve, test: { ...common, name: 'mocked', include: mocked } },
      // The tests of checks share one embedded database per worker: see startShadow in engine/checking/checks/testing/sql-fixture.ts.
      { resolve, test: { ...common, name: 'checks', include: [checks], isolate: false } },
    ],
  },
});
