// What a debug post's target says. MISP builds it as `<debug URL>/<trigger>/<kind>…`, and its HTTP client then takes the result
// apart and puts it together again: a trailing slash leaves `//`, a query in the setting swallows the rest, an exception's
// text loses its `#…`, and `&` in it splits parameters (CakePHP HttpSocket::_parseUri, _buildUri).

export type PostKind = 'init' | 'exec' | 'end' | 'debug' | 'unknown'

export interface ParsedTarget {
  readonly kind: PostKind
  /** Path parts before the trigger, decoded. */
  readonly prefix: readonly string[]
  /** Values of the debug URL's own query. */
  readonly queryPrefix: readonly string[]
  readonly trigger: string
  /** Of exec and debug posts. */
  readonly moduleId: string
  /** exec: `success`, `error`…; init: `blocking` or `non-blocking`; end: the outcome. */
  readonly result: string
  /** Text of the exception, as far as it survived. */
  readonly message: string
}

const decodePart = (text: string): string => {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
const decodeQuery = (text: string): string => decodePart(text.replaceAll('+', ' '))

interface Found {
  readonly kind: PostKind
  readonly trigger: string
  readonly moduleId: string
  readonly before: readonly string[]
}

/** Finds `<trigger>/init`, `…/end`, `…/exec/<module>` or `…/debug/<module>` at the end of a path's parts. */
function findPost(parts: readonly string[]): Found | null {
  const last = parts.length - 1
  const kind = parts[last]
  if ((kind === 'init' || kind === 'end') && last >= 1) {
    return { kind, trigger: parts[last - 1]!, moduleId: '', before: parts.slice(0, last - 1) }
  }
  const before = parts[last - 1]
  if ((before === 'exec' || before === 'debug') && last >= 2) {
    return { kind: before, trigger: parts[last - 2]!, moduleId: parts[last]!, before: parts.slice(0, last - 2) }
  }
  return null
}

const splitPath = (path: string): string[] =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map(decodePart)

/** Reads `type=…`, `result=…&message=…` or `outcome=…`; a message keeps the `&` that it had. */
function readQuery(query: string): { readonly result: string; readonly message: string } {
  const match = /^(?:type|result|outcome)=([^&]*)/.exec(query)
  if (match === null) return { result: '', message: '' }
  const at = query.indexOf('&message=')
  return { result: decodeQuery(match[1]!), message: at < 0 ? '' : decodeQuery(query.slice(at + '&message='.length)) }
}

function fromQuery(query: string, path: readonly string[]): ParsedTarget | null {
  // `?token=1%2Fevent-publish%2Fexec%2Fwebhook%3Fresult%3Dsuccess`: the last value of the setting's query has the rest
  // in it. A message goes on behind it (`&message=…`), because it had an `&` of its own.
  const parts = query.split('&')
  for (let i = parts.length - 1; i >= 0; i--) {
    const text = decodeQuery(parts[i]!)
    const slash = text.indexOf('/')
    if (slash < 0) continue
    const mark = text.indexOf('?', slash)
    const found = findPost(splitPath(text.slice(slash, mark < 0 ? undefined : mark)))
    if (found === null) continue
    const rest = [mark < 0 ? '' : text.slice(mark + 1), ...parts.slice(i + 1).map(decodeQuery)].join('&')
    const { result, message } = readQuery(rest.replaceAll('%', '%25').replaceAll('+', '%2B'))
    const own = [...parts.slice(0, i).map(decodeQuery), text.slice(0, slash)].map((part) =>
      part.slice(part.indexOf('=') + 1)
    )
    return { ...found, prefix: [...path, ...found.before], queryPrefix: own, result, message }
  }
  return null
}

/** Reads a target; what is no debug post has kind `unknown` and its path as prefix. */
export function parseTarget(target: string): ParsedTarget {
  const withoutHost = target.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const mark = withoutHost.indexOf('?')
  const path = splitPath(mark < 0 ? withoutHost : withoutHost.slice(0, mark))
  const query = mark < 0 ? '' : withoutHost.slice(mark + 1)
  const found = findPost(path)
  if (found !== null) return { ...found, prefix: found.before, queryPrefix: [], ...readQuery(query) }
  const swallowed = fromQuery(query, path)
  if (swallowed !== null) return swallowed
  const values = query.split('&').map((part) => decodeQuery(part.slice(part.indexOf('=') + 1)))
  return { kind: 'unknown', prefix: path, queryPrefix: values, trigger: '', moduleId: '', result: '', message: '' }
}
