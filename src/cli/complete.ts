// What may stand where somebody presses Tab, made of the commands' usages: commands, options, their values, names of the workspace. Files are
// listed by the shell itself.
import { commands, findCommand } from './commands.ts'
import type { NamedKind } from './names.ts'
import { parseUsage } from './usage.ts'

export interface Candidate {
  readonly value: string
  readonly about: string
}

export interface Suggestion {
  /** What the shell adds. */
  readonly files: 'files' | 'folders' | 'none'
  readonly candidates: readonly Candidate[]
}

/** What is asked of the outside. */
export interface Lists {
  /** Of the named workspace, or of the person's own and the demonstrations. */
  readonly named: (kind: NamedKind, workspace: string | undefined) => Promise<readonly Candidate[]>
  readonly runs: (workspace: string | undefined) => Promise<readonly Candidate[]>
  readonly profiles: () => Promise<readonly Candidate[]>
  readonly modules: (type: 'trigger' | 'all', profile: string | undefined) => Promise<readonly Candidate[]>
  readonly operators: () => Promise<readonly Candidate[]>
  readonly limits: () => Promise<readonly Candidate[]>
}

/** `words`: all of the line, the program first, up to the one that is completed, as it is typed so far. */
export async function complete(words: readonly string[], lists: Lists): Promise<Suggestion> {
  const typed = plain(words.at(-1) ?? '')
  const found = await suggest(words.slice(1, -1).map(plain), typed, lists)
  return { ...found, candidates: found.candidates.filter(({ value }) => value.startsWith(typed)) }
}

/** Without the quotes and backslashes of a shell. */
const plain = (word: string): string => word.replace(/^["']/, '').replaceAll(/\\(.)/g, '$1')

const nothing: Suggestion = { files: 'none', candidates: [] }
const only = (candidates: readonly Candidate[]): Suggestion => ({ files: 'none', candidates })
const bare = (values: readonly string[]): Suggestion => only(values.map((value) => ({ value, about: '' })))

async function suggest(before: readonly string[], typed: string, lists: Lists): Promise<Suggestion> {
  const [name, ...given] = before
  if (name === undefined)
    return only([
      ...commands.map((command) => ({ value: command.name, about: command.summary })),
      { value: 'help', about: 'List the commands.' }
    ])
  const command = findCommand(name)
  if (!command) return name === 'help' ? bare(commands.map((one) => one.name)) : nothing
  const usage = parseUsage(command.usage)
  const optionOf = (word: string | undefined) => usage.options.find((one) => `--${one.name}` === word)
  const valued = optionOf(given.at(-1))
  const around = { workspace: valueAfter(given, '--workspace'), profile: valueAfter(given, '--profile'), lists }
  if (valued?.value) return valuesOf(valued.name, valued.value, around)
  const options = only([
    ...usage.options
      .filter((one) => one.isMany || !given.includes(`--${one.name}`))
      .map((one) => ({ value: `--${one.name}`, about: one.value ?? '' })),
    { value: '--help', about: '' }
  ])
  if (typed.startsWith('-')) return options
  const placed = given.filter((word, i) => !word.startsWith('--') && !optionOf(given[i - 1])?.value).length
  const word = usage.words[placed] ?? (usage.isLastMany ? usage.words.at(-1) : undefined)
  return word === undefined ? options : valuesOf(null, word, around)
}

function valueAfter(given: readonly string[], option: string): string | undefined {
  const at = given.lastIndexOf(option)
  return at < 0 ? undefined : given[at + 1]
}

interface Around {
  readonly workspace: string | undefined
  readonly profile: string | undefined
  readonly lists: Lists
}

const kindOf = { data: 'data set', mock: 'set of mocks', mocks: 'set of mocks' } as const
const folders: ReadonlySet<string | null> = new Set(['workspace', 'world', 'modules', 'events', 'cases'])
const profiled: ReadonlySet<string | null> = new Set(['profile', 'from', 'to', null])

/** `option` is null for an argument. */
async function valuesOf(option: string | null, value: string, around: Around): Promise<Suggestion> {
  const { workspace, profile, lists } = around
  const parts = value.split('|')
  const literals = parts.filter((part) => /^[a-z-]+$/.test(part)).map((part) => ({ value: part, about: '' }))
  const whats = parts.filter((part) => /^[A-Z=]+$/.test(part))
  const what = whats.includes('WORKFLOW') ? 'WORKFLOW' : whats[0]
  const named = async (kind: NamedKind): Promise<Suggestion> => ({
    files: 'files',
    candidates: await lists.named(kind, workspace)
  })
  if (option !== null && Object.hasOwn(kindOf, option)) return named(kindOf[option as keyof typeof kindOf])
  if (what === 'WORKFLOW' || what === 'W' || option === 'workflow') return named('workflow')
  if (folders.has(option) || (option === null && (what === 'D' || what === 'DIR')))
    return { files: 'folders', candidates: [] }
  if (what === 'F' || what === 'FILE' || what === 'FOLDER') return { files: 'files', candidates: literals }
  if (what === 'P' && profiled.has(option)) return only([...(await lists.profiles()), ...literals])
  if (what === 'RUN') return only([...(await lists.runs(workspace)), ...literals])
  if (what === 'TRIGGER' || what === 'T') return only(await lists.modules('trigger', profile))
  if (what === 'ID' && option === null) return only(await lists.modules('all', profile))
  if (what === 'O') return only(await lists.operators())
  if (what === 'NAME=N') return only(await lists.limits())
  return only(literals)
}
