// The pages of modules, commands and errors are those of the definitions, and what pages show of a command is what it prints.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { commandsShown, isShown, wrongBlocks } from '../../scripts/docs/console-blocks.ts'
import { buildPages } from '../../scripts/docs/pages.ts'
import { quirks } from '../../scripts/docs/quirks.ts'
import { runCommand } from '../../scripts/docs/run-command.ts'
import { builtWorker } from './host/built-worker.ts'

const docs = fileURLToPath(new URL('../../docs', import.meta.url))
const read = (name: string): string => readFileSync(join(docs, name), 'utf8')
beforeAll(() => void builtWorker())

describe('a generated page', { timeout: 120_000 }, () => {
  it('is what the definitions and the engine say: else run `node scripts/make-docs.mjs` and look at what changed', async () => {
    const pages = await buildPages()
    expect(readdirSync(join(docs, 'modules')).sort()).toEqual(
      [...pages.keys()].flatMap((name) => (name.startsWith('modules/') ? [name.slice(8)] : [])).sort()
    )
    const drifted = [...pages].filter(([name, text]) => read(name) !== text)
    expect(drifted.map(([name]) => name)).toEqual([])
  })
})

describe('a quirk', { timeout: 120_000 }, () => {
  it.each(quirks.map((quirk) => [`${quirk.module}: ${quirk.title}`, quirk] as const))('%s', async (_name, { runs }) => {
    for (const { command, prints, not } of runs) {
      const printed = await runCommand(command)
      expect(printed, command).toMatch(prints)
      if (not) expect(printed, command).not.toMatch(not)
    }
  })
})

describe('a page', { timeout: 120_000 }, () => {
  const pages = readdirSync(docs).filter((name) => name.endsWith('.md') && commandsShown(read(name)).length > 0)
  it.each(pages)('%s shows what its commands print', async (name) => {
    expect(await wrongBlocks(read(name))).toEqual([])
  })

  it('of the start shows four commands, and a line of dots stands for any lines', () => {
    expect(commandsShown(read('start.md'))).toHaveLength(4)
    expect(isShown('a\n…\nc\n', 'a\nb\nc')).toBe(true)
    expect(isShown('a\n…\n', 'a\nb\nc')).toBe(true)
    expect(isShown('…\nc\n', 'a\nb\nc')).toBe(true)
    expect(isShown('…\nb\n', 'a\nb\nc')).toBe(false)
    expect(isShown('b\n…\n', 'a\nb\nc')).toBe(false)
    expect(isShown('a\n…\nd\n', 'a\nb\nc')).toBe(false)
  })
})
