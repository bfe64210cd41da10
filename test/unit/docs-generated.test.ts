// The pages of modules, commands and errors are those of the definitions, and what pages show of a command is what it prints.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { commandsShown, isShown, wrongBlocks } from '../../scripts/docs/console-blocks.ts'
import { notes } from '../../scripts/docs/command-notes.ts'
import { buildPages } from '../../scripts/docs/pages.ts'
import { quirks } from '../../scripts/docs/quirks.ts'
import { runCommand } from '../../scripts/docs/run-command.ts'
import { commands } from '../../src/cli/commands.ts'
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

it('what a command does beyond its line names only options that it has', () => {
  for (const [command, note] of Object.entries(notes)) {
    const usage = commands.find(({ name }) => name === command)?.usage ?? ''
    const named = note.replace(/`(?:export|run|npm) [^`]+`/g, '').match(/--[a-z][a-z-]+/g) ?? []
    expect([command, named.filter((option) => !usage.includes(option) && option !== '--workspace')]).toEqual([
      command,
      []
    ])
  }
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
  it('README shows what its commands print', async () => {
    expect(await wrongBlocks(readFileSync(join(docs, '..', 'README.md'), 'utf8'))).toEqual([])
  })

  const pages = readdirSync(docs).filter((name) => name.endsWith('.md') && commandsShown(read(name)).length > 0)
  it.each(pages)('%s shows what its commands print', async (name) => {
    expect(await wrongBlocks(read(name))).toEqual([])
  })

  it('of the start shows five commands, and a line of dots stands for any lines', () => {
    expect(commandsShown(read('start.md'))).toHaveLength(5)
    expect(isShown('a\n…\nc\n', 'a\nb\nc')).toBe(true)
    expect(isShown('a\n…\n', 'a\nb\nc')).toBe(true)
    expect(isShown('…\nc\n', 'a\nb\nc')).toBe(true)
    expect(isShown('…\nb\n', 'a\nb\nc')).toBe(false)
    expect(isShown('b\n…\n', 'a\nb\nc')).toBe(false)
    expect(isShown('a\n…\nd\n', 'a\nb\nc')).toBe(false)
  })
})
