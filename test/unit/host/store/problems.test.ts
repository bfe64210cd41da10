import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Problems } from '../../../../src/host/store/problems.ts'
import { ask, hosting } from '../hosting.ts'

const { open, folder } = hosting()
const problem = (file: string, message = 'broken') => ({ file, code: 'STORE_FILE_UNREADABLE', message, keptAs: null })

it('lists the first of each kind and counts the rest', () => {
  const problems = new Problems()
  for (let n = 0; n < 100_000; n++) problems.add(problem(`runs/${n}.ndjson`, 'x'.repeat(n % 5000)))
  for (let n = 0; n < 100_000; n++) problems.add(problem(`folder-${n}/x`))
  problems.add(problem('workflows/a/1.json'))
  expect(problems.list.length).toBeLessThan(2000)
  expect(problems.list.reduce((sum, { more = 1 }) => sum + more, 0)).toBe(200_001)
  expect(problems.list.find(({ more }) => more !== undefined)).toMatchObject({ file: 'runs', more: 99_980 })
  expect(Math.max(...problems.list.map(({ message }) => message.length))).toBeLessThan(2100)
})

it('keeps a workspace of a two hundred broken files readable', async () => {
  const workspace = folder()
  mkdirSync(join(workspace, 'data'), { recursive: true })
  for (let n = 0; n < 200; n++) {
    writeFileSync(join(workspace, 'data', `d${n}.json`), '{}')
    writeFileSync(join(workspace, 'data', `d${n}.meta.json`), '[')
  }
  const host = await open(workspace)
  const { problems } = await ask(host, 'workspace.info', {})
  expect(problems.length).toBeLessThan(50)
  expect(problems.reduce((sum, { more = 1 }) => sum + more, 0)).toBeGreaterThanOrEqual(200)
})
