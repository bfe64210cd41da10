import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** They put their own modules in the place of Node's, which others that share a process with them would see. */
const isolated = ['test/attack/reach.test.ts', 'test/unit/host/ports/rebinding.test.ts', 'test/unit/main/app.test.ts']

export default defineConfig({
  test: {
    environment: 'node',
    // Both of two cores: some tests wait more than they work.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          // To load the sources anew for each of 230 files costs more than half as much as the tests.
          isolate: false,
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/conformance/**/*.test.ts', 'test/attack/**/*.test.ts'],
          exclude: isolated
        }
      },
      { extends: true, test: { name: 'isolated', include: isolated } }
    ]
  }
})
