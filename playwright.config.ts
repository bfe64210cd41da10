import { availableParallelism } from 'node:os'
import { defineConfig } from '@playwright/test'
import { chromiumArgs, findChromium } from './scripts/browser.mjs'

export default defineConfig({
  testDir: 'test/e2e',
  // The host is loaded as it is built: to translate it once more would take longer than all of the tests' own files.
  build: { external: ['**/out/node/**'] },
  globalSetup: './test/e2e/built.ts',
  // Each test has an app of its own, in the process that runs the test and on ports of its own.
  fullyParallel: true,
  // One more than there are cores: a test waits for its page as often as it works.
  workers: Math.min(4, availableParallelism() + 1),
  timeout: 60_000,
  // A second try is told as flaky: a machine that stalls for a moment must not hide what else a run found.
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : [['list']],
  outputDir: 'test-results',
  // A machine that does much else is slow, not wrong.
  expect: { timeout: 15_000 },
  use: {
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: [
        ...chromiumArgs,
        // The process of a tab stays when the tab is emptied: see test/e2e/tab.ts.
        ...['--renderer-process-limit=1', '--disable-site-isolation-trials'],
        // A page lives for seconds here: to compile what it runs often once more, into fast code, takes longer than that saves.
        '--js-flags=--no-maglev --no-opt'
      ]
    }
  }
})
