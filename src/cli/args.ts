// What stands on a command line. What is not understood is refused and named, with what may have been meant: a slip must not become another run.
import { parseArgs } from 'node:util'
import { CodedError } from '../contract/errors.ts'
import { meant } from './near.ts'

/** `text` options take a value, `flag`s none, `list`s may be repeated. */
export type OptionKinds = Readonly<Record<string, 'text' | 'flag' | 'list'>>
export type Options<K extends OptionKinds> = {
  readonly [N in keyof K]: K[N] extends 'flag' ? boolean : K[N] extends 'list' ? readonly string[] : string | undefined
}

interface Positionals {
  readonly min: number
  readonly max: number
  /** An empty one has a meaning. */
  readonly mayBeEmpty?: boolean
}

/** The options and positionals of a command. Throws COMMAND_INVALID with the command's usage. */
export function parseCommand<const K extends OptionKinds>(
  args: readonly string[],
  kinds: K,
  usage: string,
  { min, max, mayBeEmpty = false }: Positionals
): { readonly options: Options<K>; readonly words: readonly string[] } {
  const config = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      kind === 'flag' ? { type: 'boolean' as const } : { type: 'string' as const }
    ])
  )
  // Its own sentences differ from one version of Node to the next.
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    allowPositionals: true,
    strict: false,
    tokens: true
  })
  const words: string[] = []
  const given = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const problem = problemOf(token, kinds, given)
    if (problem !== null) throw invalid(problem, usage)
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? ''])
  }
  if (words.length < min) throw invalid('An argument is missing', usage)
  if (words.length > max) throw invalid(`Unexpected argument “${words[max]}”`, usage)
  if (!mayBeEmpty && words.includes(''))
    throw invalid('An argument is empty, as a variable of the shell is that was never set', usage)
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => {
      const values = given.get(name)
      return [name, kind === 'flag' ? values !== undefined : kind === 'list' ? (values ?? []) : values?.[0]]
    })
  )
  return { options: options as Options<K>, words }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function problemOf(
  { name, rawName, value, inlineValue = false }: OptionToken,
  kinds: OptionKinds,
  given: ReadonlyMap<string, readonly string[]>
): string | null {
  const kind = rawName.startsWith('--') && Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind === undefined) {
    const near = meant(name, Object.keys(kinds))
    return `There is no option ${rawName}${near === null ? '' : ` (near it: --${near})`}`
  }
  if (kind === 'flag') return value === undefined ? null : `--${name} takes no value`
  if (value === undefined) return `--${name} needs a value`
  if (!inlineValue && value.length > 1 && value.startsWith('-'))
    return `--${name} needs a value; one that begins with a dash is written --${name}=${value}`
  if (kind === 'list') return null
  if (value === '') return `--${name} is empty, as a variable of the shell is that was never set`
  return given.has(name) ? `--${name} is given more than once` : null
}

const invalid = (problem: string, usage: string): CodedError =>
  new CodedError('COMMAND_INVALID', `${problem}. Usage: retrace ${usage}`)

/** A whole number of an option. */
export function numberOption(value: string | undefined, name: string, min: number, max: number): number | undefined {
  if (value === undefined) return undefined
  const number = /^\d{1,16}$/.test(value) ? Number(value) : NaN
  if (!(number >= min && number <= max)) {
    throw new CodedError('COMMAND_INVALID', `--${name} takes a whole number from ${min} to ${max}, not “${value}”.`)
  }
  return number
}

export function required<T>(value: T | undefined, name: string, usage: string): T {
  if (value === undefined) throw invalid(`--${name} is required`, usage)
  return value
}
