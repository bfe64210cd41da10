import { parseArgs } from 'node:util'
import { CodedError } from '../contract/errors.ts'

/** `text` options take a value, `flag`s none, `list`s may be repeated. */
export type OptionKinds = Readonly<Record<string, 'text' | 'flag' | 'list'>>
export type Options<K extends OptionKinds> = {
  readonly [N in keyof K]: K[N] extends 'flag' ? boolean : K[N] extends 'list' ? readonly string[] : string | undefined
}

/** The options and positionals of a command. Throws COMMAND_INVALID with the command's usage. */
export function parseCommand<const K extends OptionKinds>(
  args: readonly string[],
  kinds: K,
  usage: string,
  positionals: { readonly min: number; readonly max: number }
): { readonly options: Options<K>; readonly words: readonly string[] } {
  const config = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      kind === 'flag' ? { type: 'boolean' as const } : { type: 'string' as const, multiple: kind === 'list' }
    ])
  )
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...args], options: config, allowPositionals: true })
  } catch (error) {
    throw invalid(error instanceof Error ? (error.message.split('.')[0] ?? error.message) : String(error), usage)
  }
  const words = parsed.positionals
  if (words.length < positionals.min) throw invalid('An argument is missing', usage)
  if (words.length > positionals.max) throw invalid(`Unexpected argument “${words[positionals.max]}”`, usage)
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      parsed.values[name] ?? (kind === 'flag' ? false : kind === 'list' ? [] : undefined)
    ])
  )
  return { options: options as Options<K>, words }
}

const invalid = (problem: string, usage: string): CodedError =>
  new CodedError('COMMAND_INVALID', `${problem}. Usage: retrace ${usage}`)

/** A whole number of an option. */
export function numberOption(value: string | undefined, name: string, min: number, max: number): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new CodedError('COMMAND_INVALID', `--${name} takes a whole number from ${min} to ${max}, not “${value}”.`)
  }
  return number
}

export function required<T>(value: T | undefined, name: string, usage: string): T {
  if (value === undefined) throw invalid(`--${name} is required`, usage)
  return value
}
