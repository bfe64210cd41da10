// What leaves `npm test` for its time is in `npm run test:long`.
import { sep } from 'node:path'
import { expect, it } from 'vitest'
// @ts-expect-error a script of the build, without types
import { sizedFiles } from '../../../scripts/long-tests.mjs'

const files = (sizedFiles as () => readonly string[])().map((file) => file.replaceAll(sep, '/'))

it('finds every file that comes in several sizes', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'test/attack/kills.test.ts',
      'test/conformance/verify.test.ts',
      'test/e2e/legible.spec.ts',
      'test/e2e/accessible.spec.ts',
      'test/unit/cli/impact.test.ts',
      'test/unit/host/worker.test.ts'
    ])
  )
})

it('has no sizes in what is no test, which would be run by nobody', () => {
  expect(files.filter((file) => !/\.(test|spec)\.ts$/.test(file))).toEqual([])
})
