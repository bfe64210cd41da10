// What a command takes, out of the line that its help shows: the one place where it is written for people, documentation and completion.

interface UsageOption {
  readonly name: string
  /** As its value is called (`F`, `record|mock`); null for a flag. */
  readonly value: string | null
  /** It may be given more than once. */
  readonly isMany: boolean
}

export interface Usage {
  readonly name: string
  readonly options: readonly UsageOption[]
  /** As the arguments are called, in their order. */
  readonly words: readonly string[]
  /** The last argument may be given more than once. */
  readonly isLastMany: boolean
}

const option = /\[?--([a-z][a-z-]*)(?: ([^\s[\]|-][^\s[\]…]*))?(\]?…)?/g

/** Of a usage such as `verify RUN…|--all [--workflow F]`. */
export function parseUsage(usage: string): Usage {
  const [name = '', ...rest] = usage.split(' ')
  const text = rest.join(' ')
  const options = [...text.matchAll(option)].map(([, known = '', value, many]) => ({
    name: known,
    value: value ?? null,
    isMany: many !== undefined
  }))
  const words = text
    .replace(option, ' ')
    .replaceAll(/[[\]]/g, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/^\||\|$/g, ''))
    .filter((word) => word !== '' && word !== '|' && word !== '…')
  const last = words.at(-1) ?? ''
  const isLastMany = last.endsWith('…') || /[A-Z]\]?…/.test(text.replace(option, ' '))
  return { name, options, words: words.map((word) => word.replace(/…$/, '')), isLastMany }
}
