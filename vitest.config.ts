import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.{ts,tsx}', 'test/conformance/**/*.test.ts', 'test/attack/**/*.test.ts'],
    environment: 'node',
    // Both of two cores: some tests wait more than they work.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000
  }
})
