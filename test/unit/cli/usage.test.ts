// The usage of a command says exactly the options that it takes: documentation and completion are made of it.
import { describe, expect, it, vi } from 'vitest'
import { commands } from '../../../src/cli/commands.ts'
import { parseUsage } from '../../../src/cli/usage.ts'

const { seen } = vi.hoisted(() => ({ seen: [] as Readonly<Record<string, string>>[] }))

class Looked extends Error {}
vi.mock('../../../src/cli/args.ts', async (original) => ({
  ...(await original<object>()),
  parseCommand: (_args: unknown, kinds: Readonly<Record<string, string>>) => {
    seen.push(kinds)
    throw new Looked()
  }
}))

const kindOf = (value: string | null, isMany: boolean): string => (value === null ? 'flag' : isMany ? 'list' : 'text')

describe('the usage of a command', { timeout: 120_000 }, () => {
  it.each(commands.map((command) => [command.name, command] as const))('%s has its options', async (name, command) => {
    const usage = parseUsage(command.usage)
    expect(usage.name).toBe(name)
    const nobody = { args: [], root: '.', version: '0', usage: command.usage, color: false }
    const execute = await command.load()
    await expect(
      (async () => execute({ ...nobody, print: () => undefined, complain: () => undefined }))()
    ).rejects.toBeInstanceOf(Looked)
    const told = Object.fromEntries(usage.options.map((one) => [one.name, kindOf(one.value, one.isMany)]))
    expect(told).toEqual(seen.at(-1))
  })

  it('is taken apart: options with their values, arguments in their order', () => {
    expect(parseUsage('verify RUN…|--all [--workflow F] [--until DAY [--for run|workflow]] [--limit NAME=N]…')).toEqual(
      {
        name: 'verify',
        options: [
          { name: 'all', value: null, isMany: false },
          { name: 'workflow', value: 'F', isMany: false },
          { name: 'until', value: 'DAY', isMany: false },
          { name: 'for', value: 'run|workflow', isMany: false },
          { name: 'limit', value: 'NAME=N', isMany: true }
        ],
        words: ['RUN'],
        isLastMany: true
      }
    )
    expect(parseUsage('hash extract|get PATH --data F [--explain]')).toMatchObject({
      words: ['extract|get', 'PATH'],
      isLastMany: false
    })
    expect(parseUsage('show RUN [--step N | --watch PATH…]').options).toEqual([
      { name: 'step', value: 'N', isMany: false },
      { name: 'watch', value: 'PATH', isMany: true }
    ])
  })
})
