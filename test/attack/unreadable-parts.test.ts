// A file that cannot be read is named by what needs it, and everything else goes on.
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, finished, hosting } from '../unit/host/hosting.ts'
import { eventOf, guard } from '../unit/host/samples.ts'
import { isUnix } from './unix.ts'

const { open } = hosting()

/** Ways in which a file is spoilt. */
const spoils: Readonly<Record<string, (file: string) => void>> = {
  garbled: (file) => writeFileSync(file, '{"a":'),
  'of the wrong shape': (file) => writeFileSync(file, '5\n'),
  empty: (file) => writeFileSync(file, ''),
  'a folder': (file) => (rmSync(file), mkdirSync(file)),
  ...(isUnix
    ? {
        'a link to nothing': (file: string) => (rmSync(file), symlinkSync('/nowhere', file)),
        'a pipe': (file: string) => (rmSync(file), void execFileSync('mkfifo', [file]))
      }
    : {})
}

async function withRuns() {
  const host = await open()
  const ids: string[] = []
  for (let i = 0; i < 2; i++) {
    const params = { workflow: { json: guard }, data: { json: eventOf(1, ['tlp:red']) } }
    const { runId } = await ask(host, 'run.start', params)
    await finished(host, runId)
    ids.push(runId)
  }
  return { host, bad: ids[0]!, good: ids[1]! }
}

describe('log.list', () => {
  const more = {
    ...spoils,
    'cut short': (file: string) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, -30)),
    gone: (file: string) => rmSync(file),
    'with a line of the wrong shape': (file: string) =>
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"data":\{"line":"/, '"data":{"lane":"'))
  }
  it.each(Object.entries(more))('says that the file of a run is %s', async (_name, spoil) => {
    const { host, bad, good } = await withRuns()
    const file = host.workspace.runFile(bad)
    spoil(file)
    expect(await host.call('log.list', { runId: bad })).toMatchObject({
      ok: false,
      error: { code: 'STORE_FILE_UNREADABLE', message: expect.stringContaining(`${bad}.ndjson`) }
    })
    // All runs: the others have their lines, and the one is told.
    const { lines } = await ask(host, 'log.list', {})
    expect(new Set(lines.map(({ runId }) => runId))).toEqual(new Set([good]))
    const { problems } = await ask(host, 'workspace.info', {})
    expect(problems.map(({ message }) => message).join('\n')).toContain(bad)
    // It was put back: nothing of before is remembered.
    const whole = host.workspace.runFile(good)
    rmSync(file, { recursive: true, force: true })
    writeFileSync(file, readFileSync(whole, 'utf8').replaceAll(good, bad))
    expect((await ask(host, 'log.list', { runId: bad })).lines.length).toBeGreaterThan(0)
  })
})

describe('a run with recorded answers', () => {
  it.each(Object.entries(spoils))('goes on and names the file of answers that is %s', async (_name, spoil) => {
    const host = await open()
    const calls = [
      {
        effect: { kind: 'http', method: 'POST', url: 'https://a.example', body: '' },
        answer: { status: 200, body: '' }
      }
    ]
    for (const name of ['bad', 'good']) await ask(host, 'answers.import', { name, text: JSON.stringify(calls) })
    const answers = join(host.workspace.folder, 'answers')
    expect(readdirSync(answers).filter((name) => name.endsWith('.json'))).toEqual(['bad.json', 'good.json'])
    spoil(join(answers, 'bad.json'))
    const { runId } = await ask(host, 'run.start', {
      ...{ workflow: { json: guard }, data: { json: eventOf(1, ['tlp:red']) } },
      options: { effects: { policy: 'recorded' } }
    })
    expect((await finished(host, runId)).summary.outcome).toBe('blocked')
    const { problems } = await ask(host, 'workspace.info', {})
    expect(problems).toContainEqual(
      expect.objectContaining({ file: 'answers/bad.json', code: 'STORE_FILE_UNREADABLE' })
    )
  })
})
