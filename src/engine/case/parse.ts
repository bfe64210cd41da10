// From a file's JSON to a case. Whatever is wrong is a coded error that names the file and the place in it.
import { caseFormat, caseShape, caseVersion } from '../../contract/case.ts'
import type { Case, Expectations } from '../../contract/case.ts'
import { CodedError } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import { shapeProblem } from '../format/shape-problem.ts'
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
    const { place, problem } = shapeProblem(parsed.error.issues, 'a case')
    return refuse(place, problem)
  }
  const [place, problem] = contradiction(parsed.data)
  return problem === '' ? parsed.data : refuse(place, problem)
}

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
