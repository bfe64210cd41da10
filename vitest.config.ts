import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.{ts,tsx}', 'test/conformance/**/*.test.ts', 'test/attack/**/*.test.ts'],
    environment: 'node',
    testTimeout: 20_000
  }
})
