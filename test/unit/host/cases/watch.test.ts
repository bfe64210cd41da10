// Cases that a person, git or another program edits while the app shows them.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CaseRow } from '../../../../src/contract/case.ts'
import { ask, hosting } from '../hosting.ts'
import { eventOf, guard } from '../samples.ts'

const { open, folder } = hosting()
const itElsewhere = it.skipIf(process.platform === 'win32')

const red = {
  ...{ format: 'retrace.case', version: 1, workflowFile: 'guard.json', input: eventOf(1, ['tlp:red']) },
  expect: { outcome: 'blocked' }
} as const

async function shown() {
  const workspace = folder()
  const host = await open(workspace, { shell: 'browser', listen: false })
  const write = (name: string, value: unknown): void => {
    const path = join(workspace, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, JSON.stringify(value))
  }
  /** As a window does it: it lists when it is told, and only then. Answers the first list that is as wanted. */
  const once = (isWanted: (rows: readonly CaseRow[]) => boolean): Promise<readonly CaseRow[]> =>
    new Promise((resolve) => {
      const stop = host.listen(({ name }) => {
        if (name !== 'cases.changed') return
        void ask(host, 'cases.list', {}).then((rows) => {
          if (!isWanted(rows)) return
          stop()
          resolve(rows)
        })
      })
    })
  return { workspace, host, write, once }
}

const ids = (rows: readonly CaseRow[]): string => rows.map(({ id }) => id).join()

describe('a case that changes on disk', () => {
  it('is seen at once, in a folder that was not there before', async () => {
    const { workspace, host, write, once } = await shown()
    const first = once((rows) => ids(rows) === 'a.case.json')
    write('cases/guard.json', guard)
    write('cases/a.case.json', red)
    await first
    await ask(host, 'cases.test', {})
    const edited = once(([row]) => row?.result === null)
    write('cases/a.case.json', { ...red, name: 'edited by hand' })
    expect((await edited)[0]?.name).toBe('edited by hand')
    await ask(host, 'cases.test', {})
    // What it reads is a part of it.
    const other = once(([row]) => row?.result === null)
    write('cases/guard.json', { ...guard, name: 'another' })
    await other
    const gone = once((rows) => rows.length === 0)
    rmSync(join(workspace, 'cases', 'a.case.json'))
    await gone
  })

  // Windows moves no folder that is watched.
  itElsewhere('is seen below folders that are made, moved and made anew', async () => {
    const { workspace, write, once } = await shown()
    const deep = once((rows) => ids(rows) === 'x/y/a.case.json')
    write('cases/x/y/a.case.json', red)
    await deep
    const moved = once((rows) => ids(rows) === 'z/y/a.case.json')
    renameSync(join(workspace, 'cases/x'), join(workspace, 'cases/z'))
    await moved
    const second = once((rows) => ids(rows) === 'z/y/a.case.json,z/y/b.case.json')
    write('cases/z/y/b.case.json', red)
    await second
    // As git does it between two branches.
    const anew = once((rows) => ids(rows) === 'z/c.case.json')
    rmSync(join(workspace, 'cases'), { recursive: true })
    write('cases/z/c.case.json', red)
    await anew
    const last = once((rows) => ids(rows) === 'z/c.case.json,z/d.case.json')
    write('cases/z/d.case.json', red)
    await last
  })

  itElsewhere('is not looked for behind a link', async () => {
    const { workspace, host, write, once } = await shown()
    const other = folder()
    write('cases/a.case.json', red)
    symlinkSync(other, join(workspace, 'cases', 'link'))
    const seen = once((rows) => ids(rows) === 'a.case.json,b.case.json')
    writeFileSync(join(other, 'c.case.json'), JSON.stringify(red))
    write('cases/b.case.json', red)
    await seen
    expect(ids(await ask(host, 'cases.list', {}))).toBe('a.case.json,b.case.json')
  })
})
