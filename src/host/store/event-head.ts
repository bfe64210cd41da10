// Which event a file begins with, told from its first bytes: 100 MB are not parsed for a line of a list.

export interface EventHead {
  readonly id: string | null
  readonly uuid: string | null
  readonly info: string | null
  /** Not the first one of a list. */
  readonly isAlone: boolean
}

type Fields = Map<string, string>

interface Level {
  readonly isList: boolean
  /** What is collected of this object; null: it is none that is asked about. */
  readonly fields: Fields | null
  key: string | null
}

const tokens = /"(?:[^"\\]|\\[^])*"|"|[{}[\],:]|[^\s{}[\]:,"]+/g
/** What MISP wraps its events in. */
const wrappers: readonly (string | null)[] = [null, 'response']

/** The event’s own fields, not those of its organisation, its attributes or of events beside it. What stands behind the end of the text is null. */
export function eventHead(text: string): EventHead {
  const levels: Level[] = []
  let outer: Fields | null = null
  let event: Fields | null = null
  let isAlone = true
  for (const [token] of text.matchAll(tokens)) {
    const top = levels.at(-1)
    // A text that the end cuts off.
    if (token === '"') break
    if (token === '{' || token === '[') {
      const isList = token === '['
      let fields: Fields | null = null
      const isWrapped = top?.key === 'Event' && levels.slice(0, -1).every(({ key }) => wrappers.includes(key))
      if (!isList && event === null && isWrapped) fields = event = new Map()
      else if (!isList && outer === null && levels.every((one) => one.isList)) fields = outer = new Map()
      if (isList && event === null && (outer === null || top?.key === 'response')) isAlone = false
      levels.push({ isList, fields, key: null })
    } else if (token === '}' || token === ']') {
      levels.pop()
      if (top?.fields && top.fields === event) break
    } else if (top === undefined || top.isList || token === ':') continue
    else if (token === ',') top.key = null
    else if (top.key === null) top.key = asText(token)
    else if (token.startsWith('"') && !top.fields?.has(top.key)) top.fields?.set(top.key, asText(token))
  }
  const fields = event ?? outer
  const field = (name: string): string | null => fields?.get(name) ?? null
  return { id: field('id'), uuid: field('uuid'), info: field('info'), isAlone }
}

function asText(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted
  }
}
