// Runs a command of a page in this process, as the command line would in the project's folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findCommand } from '../../src/cli/commands.ts'
import { CodedError } from '../../src/contract/errors.ts'
import { timeless } from './timeless.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Words of a shell line: single quotes keep everything, there is nothing else to take away. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

const shape = /^(?:echo '([^']*)' \| )?npx misp-retrace (.+)$/

/** What a line such as `echo '{}' | npx misp-retrace module …` prints, both outputs together, times left out. */
export async function runCommand(line: string): Promise<string> {
  const [, input, rest = ''] = shape.exec(line) ?? []
  const [name = '', ...words] = wordsOf(rest)
  const command = findCommand(name)
  if (!command) throw new Error(`no command of Retrace: ${line}`)
  const folder = mkdtempSync(join(tmpdir(), 'retrace-docs-'))
  const piped = join(folder, 'input.json')
  if (input !== undefined) writeFileSync(piped, input)
  const args = words.map((word) =>
    word === '-' && input !== undefined ? piped : word.startsWith('examples/') ? join(root, word) : word
  )
  const lines: string[] = []
  const print = (text: string): void => void lines.push(text)
  try {
    const execute = await command.load()
    await execute({ args, usage: command.usage, version: '0', root, color: false, print, complain: print })
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    print(`error ${error.code}: ${error.message}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return timeless(lines.join('\n')).replaceAll(root, '').trimEnd()
}
