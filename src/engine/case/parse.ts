// From a file's JSON to a case. Whatever is wrong is a coded error that names the file and the place in it.
import type { z } from 'zod'
import { caseFormat, caseShape, caseVersion } from '../../contract/case.ts'
import type { Case, Expectations } from '../../contract/case.ts'
import { CodedError } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import { pathFault } from '../hash/fault.ts'
import { isMap } from '../php/values.ts'
import { profileFor, profileIds } from '../profiles/profiles.ts'

/** @throws CodedError CASE_INVALID with `file` and `place` */
export function parseCase(value: Json, file: string): Case {
  const refuse = (place: string, problem: string): never => {
    const where = place === '' ? '' : ` at ${place}`
    throw new CodedError('CASE_INVALID', `${file}${where}: ${problem}.`, { file, ...(place === '' ? {} : { place }) })
  }
  if (!isMap(value)) return refuse('', 'a case is a JSON object')
  const { format, version } = value
  if (format !== caseFormat) return refuse('format', `a case has “${caseFormat}” here`)
  if (typeof version === 'number' && Number.isInteger(version) && version > caseVersion)
    return refuse('version', 'the case was written by a newer Retrace')
  const parsed = caseShape.safeParse(value)
  if (!parsed.success) {
    const { path, message } = deepest(parsed.error.issues)
    return refuse(placeOf(path), message.replace(/\.$/, ''))
  }
  const [place, problem] = contradiction(parsed.data)
  return problem === '' ? parsed.data : refuse(place, problem)
}

type Issue = z.core.$ZodIssue

/** Of a union the branch that went furthest says what is wrong. */
function deepest(
  issues: readonly Issue[],
  above: readonly PropertyKey[] = []
): { path: PropertyKey[]; message: string } {
  const told = issues.map((issue) => {
    const path = [...above, ...issue.path]
    if (issue.code !== 'invalid_union') return { path, message: wordsOf(issue) }
    const inner = issue.errors.filter((each) => each.length > 0).map((each) => deepest(each, path))
    return inner.sort((a, b) => b.path.length - a.path.length)[0] ?? { path, message: wordsOf(issue) }
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

/** What is wrong, for people who write cases. */
function wordsOf(issue: Issue): string {
  if (issue.code === 'unrecognized_keys')
    return `a case has no ${issue.keys.map((key) => `“${key.slice(0, 60)}”`).join(', ')} here`
  if (issue.code === 'invalid_value') return `a case has ${issue.values.map((one) => String(one)).join(' or ')} here`
  // zod keeps what it got for itself.
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'it is missing'
  if (issue.code === 'too_small')
    return issue.minimum === 1 && isOfText(issue) ? 'it is empty' : `a case has at least ${issue.minimum} here`
  if (issue.code === 'too_big') return isOfText(issue) ? 'it is too long' : `a case has at most ${issue.maximum} here`
  if (issue.code === 'invalid_format' && issue.format === 'datetime')
    return 'a case has a time here, as 2025-01-01T00:00:00Z'
  if (issue.code === 'invalid_type') return `a case has ${kinds[issue.expected] ?? issue.expected} here`
  return issue.message
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('')

const fine = ['', ''] as const

/** What the shape cannot say. */
function contradiction(given: Case): readonly [place: string, problem: string] {
  const workflows = [given.workflow, given.workflowFile, given.workflowName].filter((one) => one !== undefined)
  if (workflows.length !== 1)
    return ['workflow', 'a case has its workflow in one of `workflow`, `workflowFile` and `workflowName`']
  if ((given.input === undefined) === (given.inputFile === undefined))
    return ['input', 'a case has what its trigger gets in one of `input` and `inputFile`']
  if (given.world !== undefined && given.worldFile !== undefined)
    return ['world', 'a case has one of `world` and `worldFile`']
  if (given.profile !== undefined && profileFor(given.profile) === null)
    return ['profile', `there is no profile “${given.profile.slice(0, 40)}”; there are ${profileIds.join(', ')}`]
  return wrongExpectation(given.expect)
}

const withMessage: ReadonlySet<string> = new Set(['blocked', 'failure', 'aborted', 'not started', 'cannot tell'])

function wrongExpectation(expect: Expectations): readonly [place: string, problem: string] {
  const { outcome, message, values = [] } = expect
  const isEmpty = Object.entries(expect).every(
    ([name, one]) => (name === 'values' && values.length === 0) || one === undefined
  )
  if (isEmpty) return ['expect', 'nothing is expected, so the case could never fail']
  if (outcome === 'no end') return ['expect.outcome', 'only a captured run can have no end']
  if (message !== undefined && outcome !== undefined && !withMessage.has(outcome))
    return ['expect.message', `a run that ends with ${outcome} has no message, so this can never be checked`]
  for (const [i, { path }] of values.entries()) {
    const fault = pathFault(path)
    if (fault !== null) return [`expect.values[${i}].path`, `this can never be found. ${fault.replace(/\.$/, '')}`]
  }
  return fine
}
