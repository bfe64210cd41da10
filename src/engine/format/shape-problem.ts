// What is wrong with the shape of a file that people write by hand, in their words.
import type { z } from 'zod'

/** @param who whose shape it is: "a case" */
export function shapeProblem(
  issues: readonly Issue[],
  who: string
): { readonly place: string; readonly problem: string } {
  const { path, message } = deepest(issues, who)
  return { place: placeOf(path), problem: message.replace(/\.$/, '') }
}

type Issue = z.core.$ZodIssue

/** Of a union the branch that went furthest says what is wrong. */
function deepest(
  issues: readonly Issue[],
  who: string,
  above: readonly PropertyKey[] = []
): { path: PropertyKey[]; message: string } {
  const told = issues.map((issue) => {
    const path = [...above, ...issue.path]
    if (issue.code !== 'invalid_union') return { path, message: wordsOf(issue, who) }
    const inner = issue.errors.filter((each) => each.length > 0).map((each) => deepest(each, who, path))
    return inner.sort((a, b) => b.path.length - a.path.length)[0] ?? { path, message: wordsOf(issue, who) }
  })
  // A key that is misspelt is also missing under its name.
  const odd = issues.findIndex(({ code }) => code === 'unrecognized_keys')
  return told[Math.max(odd, 0)] ?? { path: [], message: 'it has another shape' }
}

const kinds: Readonly<Record<string, string>> = {
  ...{ array: 'a list', boolean: 'true or false', int: 'a whole number', number: 'a number' },
  ...{ object: 'an object', record: 'an object', string: 'a text', tuple: 'a list' }
}

const isOfText = ({ origin }: { readonly origin: string }): boolean => origin === 'string' || origin === 'array'

/** What is wrong, for people who write such files. */
function wordsOf(issue: Issue, who: string): string {
  if (issue.code === 'unrecognized_keys')
    return `${who} has no ${issue.keys.map((key) => `“${key.slice(0, 60)}”`).join(', ')} here`
  if (issue.code === 'invalid_value') return `${who} has ${issue.values.map((one) => String(one)).join(' or ')} here`
  // zod keeps what it got for itself.
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'it is missing'
  if (issue.code === 'too_small')
    return issue.minimum === 1 && isOfText(issue) ? 'it is empty' : `${who} has at least ${issue.minimum} here`
  if (issue.code === 'too_big') return isOfText(issue) ? 'it is too long' : `${who} has at most ${issue.maximum} here`
  if (issue.code === 'invalid_format' && issue.format === 'datetime')
    return `${who} has a time here, as 2025-01-01T00:00:00Z`
  if (issue.code === 'invalid_type') return `${who} has ${kinds[issue.expected] ?? issue.expected} here`
  return issue.message
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('')
