// `retrace again`: a run once more, as `run` printed it the first time, from a workspace that has nothing but its file.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { againCommand } from '../../../src/cli/again.ts'
import type { Command } from '../../../src/cli/context.ts'
import { runCommand } from '../../../src/cli/run.ts'
import { blameCommand } from '../../../src/cli/why.ts'
import type { RunEvent } from '../../../src/contract/run.ts'
import { hosting } from '../host/hosting.ts'
import { eventOf, tagThen } from '../host/samples.ts'

const { folder, open } = hosting()

interface Ended {
  readonly status: number | string
  readonly out: readonly string[]
  readonly err: readonly string[]
}

async function retrace(command: Command, ...args: readonly string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []]
  const context = {
    ...{ args, root: '.', version: '0', usage: 'again', color: false },
    print: (text: string) => void out.push(text),
    complain: (text: string) => void err.push(text)
  }
  const status = await command(context).catch((error: { code?: string; message: string }) => {
    err.push(error.message)
    return error.code ?? 'no code'
  })
  return { status, out, err }
}

const stopping = tagThen('red', 'stop-execution', { message: 'no {{ Event.id }}' })

/** A run that is kept in a workspace with a world, and the lines that were printed. */
async function original(): Promise<{ readonly root: string; readonly id: string; readonly lines: readonly string[] }> {
  const root = folder()
  mkdirSync(join(root, 'world'))
  writeFileSync(join(root, 'world', 'tags.json'), JSON.stringify([{ Tag: { id: '9', name: 'red', colour: '#f00' } }]))
  writeFileSync(join(root, 'w.json'), JSON.stringify(stopping))
  writeFileSync(join(root, 'e.json'), JSON.stringify(eventOf(2)))
  const { out } = await retrace(
    runCommand,
    join(root, 'w.json'),
    '--data',
    join(root, 'e.json'),
    '--workspace',
    root,
    '--keep',
    '--json'
  )
  return { root, id: (JSON.parse(out[0] ?? '{}') as RunEvent).runId, lines: out }
}

describe('retrace again', () => {
  it('prints what `run` printed, with its status, and keeps nothing unless it is asked to', async () => {
    const { root, id, lines } = await original()
    const elsewhere = folder()
    mkdirSync(join(elsewhere, 'runs'), { recursive: true })
    cpSync(join(root, 'runs', `${id}.ndjson`), join(elsewhere, 'runs', `${id}.ndjson`))
    await (await open(elsewhere)).close()
    const again = await retrace(againCommand, id, '--workspace', elsewhere, '--json')
    expect([again.status, again.err]).toEqual([1, []])
    const ids = new RegExp((JSON.parse(again.out[0] ?? '{}') as RunEvent).runId, 'g')
    expect(again.out.map((line) => line.replace(ids, id))).toEqual(lines)
    const kept = await retrace(againCommand, id, '--workspace', elsewhere, '--keep')
    const newId = /^kept as (\S+)$/.exec(kept.out.at(-1) ?? '')?.[1] ?? ''
    const linesOf = (run: string): readonly string[] =>
      readFileSync(join(elsewhere, 'runs', `${run}.ndjson`), 'utf8')
        .split('\n')
        .slice(1)
    expect(linesOf(newId)).toEqual(linesOf(id))
  })

  it('writes its posts at the time of its own clock', async () => {
    const { root, id } = await original()
    const posts = join(root, 'posts.ndjson')
    await retrace(againCommand, id, '--workspace', root, '--posts', posts)
    const [first] = readFileSync(posts, 'utf8').split('\n')
    const file = readFileSync(join(root, 'runs', `${id}.ndjson`), 'utf8')
    const now = /"surroundings":\{"now":(\d+)/.exec(file)?.[1]
    expect(Math.floor(Date.parse((JSON.parse(first ?? '{}') as { readonly at: string }).at) / 1000)).toBe(Number(now))
  })

  it('says with today’s world what changed', async () => {
    const { root, id } = await original()
    rmSync(join(root, 'world', 'tags.json'))
    const { status, out } = await retrace(againCommand, id, '--workspace', root, '--todays-world')
    expect(status).toBe(1)
    expect(out.join('\n')).toContain('World has no tags any more.')
  })

  it('says with today’s world that nothing changed', async () => {
    const { root, id } = await original()
    const { status, err } = await retrace(againCommand, id, '--workspace', root, '--todays-world')
    expect([status, err]).toEqual([1, ['note Nothing that the run depends on has changed since.']])
  })

  it('refuses what cannot be repeated, with the reason, and what is no run', async () => {
    const { root, id } = await original()
    const file = join(root, 'runs', `${id}.ndjson`)
    const old = readFileSync(file, 'utf8')
      .replace('"version":2', '"version":1')
      .replace(/^\{"surroundings".*\n/m, '')
    writeFileSync(file, old)
    const refused = await retrace(againCommand, id, '--workspace', root)
    expect(refused.status).toBe('RUN_NOT_REPEATABLE')
    expect(refused.err[0]).toContain('Its file does not say what it depended on')
    expect(refused.err[0]).toContain(`“event-publish · sample event” (${id})`)
    const blamed = await retrace(blameCommand, id, '', '--workspace', root)
    expect([blamed.status, blamed.err[0]]).toEqual(['COMMAND_INVALID', expect.stringMatching(/^PATH is empty\./)])
    expect((await retrace(againCommand, 'nothing', '--workspace', root)).status).toBe('RUN_NOT_FOUND')
  })
})
