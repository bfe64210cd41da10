// Whatever a file on the command line is, the command ends with a code that means bad input (status 3) and the name of the file; it never
// waits for what may not come, and never ends with a mistake of ours.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { importCommand } from '../../src/cli/capture-import.ts'
import { sendCommand } from '../../src/cli/capture-send.ts'
import { checkCommand } from '../../src/cli/check.ts'
import type { Command } from '../../src/cli/context.ts'
import { hashCommand } from '../../src/cli/hash.ts'
import { moduleCommand } from '../../src/cli/module.ts'
import { normalizeCommand } from '../../src/cli/normalize.ts'
import { runCommand } from '../../src/cli/run.ts'
import { templateCommand } from '../../src/cli/template.ts'
import { toFailure } from '../../src/host/registry/failure.ts'
import { eventOf, guard } from '../unit/host/samples.ts'
import { temporaryFolders } from '../unit/host/temporary.ts'
import { isLong, scale } from './scale.ts'

const folder = temporaryFolders()
const commands: Readonly<Record<string, Command>> = {
  run: runCommand,
  module: moduleCommand,
  check: checkCommand,
  normalize: normalizeCommand,
  hash: hashCommand,
  template: templateCommand,
  import: importCommand,
  send: sendCommand
}

/** `@` is the hostile file, `=` the folder of good ones. */
const lines: readonly string[] = [
  'run @ --data =/event.json',
  'run =/workflow.json --data @',
  'run =/workflow.json --data =/event.json --settings @',
  'run =/workflow.json --data =/event.json --mocks @',
  'run =/workflow.json --data =/event.json --world @',
  'run =/workflow.json --data =/event.json --effects recorded --answers @',
  'run @ --data =/event.json --keep --workspace =/ws',
  'run =/workflow.json --data @ --keep --workspace =/ws',
  'module tag-if --data @',
  'module tag-if --data =/event.json --params @',
  'module tag-if --data =/event.json --filters @',
  'check @',
  'normalize event-publish --data @',
  'hash extract Event --data @',
  'template @ --data =/event.json',
  'template =/template.j2 --data @',
  'import @',
  'import @ --workspace =/ws',
  'import =/posts.ndjson --graph @',
  'send @ --to http://127.0.0.1:1'
]

const long = scale(300_000, 30_000_000)
const makes: Readonly<Record<string, (file: string) => void>> = {
  nothing: () => undefined,
  'a folder': (file) => mkdirSync(file),
  'a pipe that nobody writes to': (file) => void execFileSync('mkfifo', [file]),
  'a link to nothing': (file) => symlinkSync('/nowhere/at/all', file),
  'a link to itself': (file) => symlinkSync(file, file),
  'a folder that may not be read': (file) => {
    mkdirSync(file)
    chmodSync(file, 0)
  },
  'an empty file': (file) => writeFileSync(file, ''),
  'cut JSON': (file) => writeFileSync(file, JSON.stringify(eventOf(3)).slice(0, -40)),
  'bytes that are no text': (file) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0, 1, 0x80])),
  '20,000 levels': (file) => writeFileSync(file, '['.repeat(20_000) + ']'.repeat(20_000)),
  '20,000 levels of objects': (file) => writeFileSync(file, '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)),
  'much that is no JSON': (file) => writeFileSync(file, 'hello '.repeat(long / 6)),
  'a wrong shape': (file) => writeFileSync(file, '{"format":"retrace-captured-run","posts":{"a":1}}'),
  null: (file) => writeFileSync(file, 'null'),
  'an empty list': (file) => writeFileSync(file, '[]'),
  'a number': (file) => writeFileSync(file, '5'),
  'a text': (file) => writeFileSync(file, '"text"')
}

/** What some commands may take: any JSON is data of a template or of a hash path, any object a map, any text a template. */
const fine: readonly (readonly [line: RegExp, input: RegExp])[] = [
  [/^hash/, /wrong shape|empty list/],
  [/^template =/, /wrong shape|null|empty list|number|a text/],
  // A module alone takes any data.
  [/^module/, /empty list/],
  // A workflow without nodes: its problems are listed.
  [/^check/, /empty list/],
  [/^template @/, /empty file|cut JSON|20,000|wrong shape|null|empty list|number|a text/],
  // Text that is no template: up to 10 MB.
  ...(isLong ? [] : ([[/^template @/, /much/]] as const)),
  [/^(template|hash).*--data @|--(filters|params|mocks|settings|answers) @/, /wrong shape/],
  [/--(params|filters|mocks|settings|answers) @/, /empty list/],
  [/--answers @/, /null|number|a text/],
  [/--world @/, /^a folder$/],
  [/^template @/, /bytes/],
  [/--graph @/, /empty list/],
  // A list of no posts.
  [/^(import|send) @/, /empty file/]
]
const isFine = (line: string, input: string): boolean =>
  fine.some(([pattern, inputs]) => pattern.test(line) && inputs.test(input))

let good = ''
beforeEach(() => {
  good = folder()
  const put = (name: string, text: string): void => writeFileSync(join(good, name), text)
  put('event.json', JSON.stringify(eventOf(1)))
  put('workflow.json', JSON.stringify(guard))
  put('template.j2', '{{ Event.info }}')
  put('posts.ndjson', '')
})

/** The code it ended with and what it said, or its status. */
async function ended(line: string, file: string): Promise<{ readonly code: string | number; readonly said: string }> {
  const [name = '', ...args] = line.replaceAll('=/', `${good}/`).split(' ')
  const said: string[] = []
  const context = {
    ...{ args: args.map((arg) => (arg === '@' ? file : arg)), root: '.', version: '0', usage: name, color: false },
    ...{ print: () => undefined, complain: (text: string) => void said.push(text) }
  }
  try {
    return { code: await commands[name]!(context), said: said.join('\n') }
  } catch (error) {
    const { code, message } = toFailure(error, 'cli', (_context, mistake) => void said.push(String(mistake)))
    return { code, said: [message, ...said].join('\n') }
  }
}

const bad =
  /^(FILE_NOT_FOUND|FILE_UNREADABLE|INPUT_\w+|WORKFLOW_\w+|STORE_FILE_UNREADABLE|COMMAND_INVALID|PARAMS_INVALID)$/

describe.skipIf(process.platform === 'win32')('a command', () => {
  it.each(lines)(
    '%s',
    async (line) => {
      for (const [input, make] of Object.entries(makes)) {
        // Root may read everything.
        if (input.includes('may not') && process.getuid?.() === 0) continue
        if (!isLong && input.startsWith('much') && line.includes('=/ws')) continue
        const file = join(folder(), 'hostile-one.json')
        make(file)
        const { code, said } = await ended(line, file)
        // PHP's own TypeError: Hash::extract takes lists and maps.
        if (code === 'MISP_FAILS' && line.startsWith('hash') && /^(null|a number|a text)$/.test(input)) continue
        if (isFine(line, input)) expect([line, input, typeof code], said).toEqual([line, input, 'number'])
        else {
          expect([line, input, code, bad.test(String(code))]).toEqual([line, input, code, true])
          expect([line, input, said]).toEqual([line, input, expect.stringContaining('hostile-one.json')])
        }
      }
    },
    120_000
  )
})
