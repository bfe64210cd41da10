// Where a command writes what a person asked for: never through a link nor into another name of a file, and for the user alone.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  constants,
  closeSync
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/cli/run.ts'
import { writeOut } from '../../src/cli/output.ts'
import { toFailure } from '../../src/host/registry/failure.ts'
import { eventOf, guard } from '../unit/host/samples.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'

const folder = temporaryFolders()
let dir = ''
const at = (name: string): string => join(dir, name)
beforeEach(() => {
  dir = folder()
  mkdirSync(dir, { recursive: true })
  writeFileSync(at('precious'), 'precious')
  writeFileSync(at('workflow.json'), JSON.stringify(guard))
  writeFileSync(at('event.json'), JSON.stringify(eventOf(1)))
})

const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'written',
    (error: unknown) => toFailure(error, 'cli', () => undefined).code
  )
const out = (name: string): Promise<string> => code(writeOut(at(name), 'text\n'))
const run = (name: string): Promise<string> =>
  code(
    Promise.resolve(
      runCommand({
        ...{
          args: [at('workflow.json'), '--data', at('event.json'), '--posts', at(name)],
          root: '.',
          version: '0'
        },
        ...{ usage: 'run', color: false, print: () => undefined, complain: () => undefined }
      })
    )
  )
const mode = (name: string): number => statSync(at(name)).mode & 0o777

describe.skipIf(process.platform === 'win32')('a file that the command reads', () => {
  it.each(['workflow.json', 'event.json'])('is not replaced by its posts: %s', async (name) => {
    const before = readFileSync(at(name), 'utf8')
    expect(await run(name)).toBe('COMMAND_INVALID')
    expect(readFileSync(at(name), 'utf8')).toBe(before)
  })
})

describe.skipIf(process.platform === 'win32').each([
  ['--out', out],
  ['--posts', run]
])('%s', (_name, write) => {
  it('makes a file for the user alone, whatever the umask', async () => {
    const before = process.umask(0)
    try {
      expect(await write('new')).toBe('written')
      expect(mode('new')).toBe(0o600)
    } finally {
      process.umask(before)
    }
  })

  it('replaces a file, and keeps its rights', async () => {
    chmodSync(at('precious'), 0o640)
    expect(await write('precious')).toBe('written')
    expect(readFileSync(at('precious'), 'utf8')).not.toBe('precious')
    expect(mode('precious')).toBe(0o640)
  })

  it('fills an empty one, which mktemp makes', async () => {
    writeFileSync(at('empty'), '', { mode: 0o600 })
    expect(await write('empty')).toBe('written')
  })

  it('replaces no file of a workspace', async () => {
    mkdirSync(at('own/runs'), { recursive: true })
    for (const name of ['own/catalogue.json', 'own/runs/index.ndjson']) {
      writeFileSync(at(name), 'precious')
      expect([name, await write('own/catalogue.json')]).toEqual([name, 'COMMAND_INVALID'])
      expect([name, await write(name)]).toEqual([name, 'COMMAND_INVALID'])
      expect(readFileSync(at(name), 'utf8')).toBe('precious')
    }
  })

  it('writes through no link', async () => {
    symlinkSync('precious', at('link'))
    symlinkSync('nothing', at('dangling'))
    symlinkSync('/dev/null', at('device'))
    for (const name of ['link', 'dangling', 'device'])
      expect([name, await write(name)]).toEqual([name, 'STORE_WRITE_FAILED'])
    expect(readFileSync(at('precious'), 'utf8')).toBe('precious')
    expect(existsSync(at('nothing'))).toBe(false)
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
  })

  it.skipIf(!existsSync('/dev/shm'))('writes through none that somebody made below /dev, either', async () => {
    dir = mkdtempSync('/dev/shm/retrace-')
    try {
      writeFileSync(at('workflow.json'), JSON.stringify(guard))
      writeFileSync(at('event.json'), JSON.stringify(eventOf(1)))
      writeFileSync(at('precious'), 'precious')
      symlinkSync('precious', at('link'))
      expect(await write('link')).toBe('STORE_WRITE_FAILED')
      expect(readFileSync(at('precious'), 'utf8')).toBe('precious')
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  it('leaves another name of the file as it was', async () => {
    linkSync(at('precious'), at('second'))
    expect(await write('second')).toBe('written')
    expect(readFileSync(at('precious'), 'utf8')).toBe('precious')
  })

  it('refuses a folder, a path through a file, and a folder that is not there', async () => {
    mkdirSync(at('folder'))
    for (const name of ['folder', 'precious/x', 'gone/x'])
      expect([name, await write(name)]).toEqual([name, 'STORE_WRITE_FAILED'])
  })

  it('does not wait for a pipe that nobody reads, and writes into one that somebody reads', async () => {
    execFileSync('mkfifo', [at('pipe')])
    expect(await write('pipe')).toBe('STORE_WRITE_FAILED')
    const reader = openSync(at('pipe'), constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      expect(await write('pipe')).toBe('written')
      expect(readSync(reader, Buffer.alloc(5))).toBe(5)
    } finally {
      closeSync(reader)
    }
    expect(await write('../../../../../../../../dev/null')).toBe('written')
  })
})
