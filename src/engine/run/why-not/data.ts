// Whether the trigger can use the data: normalisation, its own conditions, the size of a job.
import type { WhyNotCheck } from '../../../contract/authoring.ts'
import { plainText, type JsonMap } from '../../../contract/json.ts'
import { claiming, listed, say, theirs } from '../../../contract/sentence.ts'
import type { ModuleDefinition } from '../../../contract/modules.ts'
import { dataOf } from '../../graph/nodes.ts'
import { extractTrigger } from '../../graph/walk-helpers.ts'
import { codeOf } from '../../modules/implementations.ts'
import { PhpThrow } from '../../php/exceptions.ts'
import { isEmpty, dig } from '../../php/values.ts'
import { createWorld } from '../../world/create.ts'
import { exceedsAsJson } from '../jobs/job-data.ts'
import { check, lookUp, profileOf } from './words.ts'
import type { WhyNotQuestion } from './words.ts'

/** Linux starts no program with a longer argument (MAX_ARG_STRLEN less the closing zero). */
export const jobArgumentLimit = 131_071

export function dataChecks(question: WhyNotQuestion, definition: ModuleDefinition): WhyNotCheck[] {
  const { data, refused } = question
  if (refused !== undefined && refused !== null) {
    const where = lookUp(null, null, null)
    return [check('normalise', 'The trigger can use the data', 'problem', theirs(refused), null, where)]
  }
  if (data === null) {
    const text = say`Choose data to check whether the trigger can use it, whether its conditions are met and whether it fits into a background job.`
    return [
      check(
        'data',
        'The data is suitable',
        'unknown',
        text,
        'an event that MISP can pass to the workflow',
        lookUp(null, null, null)
      )
    ]
  }
  return [
    normalisation(question, data),
    ...(question.trigger === 'tag-attached-after-save' ? [tagCondition(question, data)] : []),
    ...(definition.blocking ? [] : [jobSize(data)])
  ]
}

function normalisation(question: WhyNotQuestion, data: JsonMap): WhyNotCheck {
  const title = 'The trigger can use the data'
  const where = lookUp('Administration › Logs › List Logs (model Workflow, with debug mode on)', null, null)
  try {
    if (
      codeOf(profileOf(question)).normalize(question.trigger, data, createWorld({}, question.shown ?? data)) !== false
    )
      return check('normalise', title, 'ok', say`MISP can convert this data for the workflow.`, null, where)
    return check(
      'normalise',
      title,
      'problem',
      say`MISP returns “Error while normalizing data for trigger. Invalid input.” and runs nothing.`,
      null,
      where
    )
  } catch (error) {
    if (!(error instanceof PhpThrow)) throw error
    return check(
      'normalise',
      title,
      'problem',
      say`MISP returns “Error while normalizing data for trigger” and runs nothing: ${theirs(error.message)}`,
      null,
      where
    )
  }
}

/** Module_tag_attached_after_save::exec. */
function tagCondition({ workflow }: WhyNotQuestion, data: JsonMap): WhyNotCheck {
  const saved = workflow ? dataOf(extractTrigger(workflow.data), 'indexed_params') : undefined
  const of = (id: string, otherwise: string): string => {
    const value = dig(saved ?? null, id)
    return typeof value === 'string' && value !== '' ? value : otherwise
  }
  const [scope, locality, wanted] = [of('scope', 'event'), of('locality', 'local'), of('tag', '')]
  const tag = dig(data, 'Tag')
  const onAttribute = !isEmpty(dig(tag, 'attribute_id'))
  const local = !isEmpty(dig(tag, 'local'))
  const name = plainText(dig(tag, 'name') ?? '')
  const reasons = [
    ...(scope === 'attribute' && !onAttribute ? [say`its scope is attributes, but the tag is on an event`] : []),
    ...(scope === 'event' && onAttribute ? [say`its scope is events, but the tag is on an attribute`] : []),
    ...(locality === 'local' && !local ? [say`it only accepts local tags, but the tag is global`] : []),
    ...(locality === 'global' && local ? [say`it only accepts global tags, but the tag is local`] : []),
    ...(wanted !== '' && wanted !== name
      ? [
          say`it only accepts the tag ${claiming(wanted, { kind: 'setting', name: 'tag', value: wanted })}, but the tag is ${name === '' ? 'unnamed' : claiming(name, { kind: 'value', in: 'input', path: ['Tag', 'name'], value: name })}`
        ]
      : [])
  ]
  return check(
    'condition',
    'The trigger’s own conditions are met',
    reasons.length > 0 ? 'problem' : 'ok',
    reasons.length > 0
      ? say`They are not: ${listed(reasons, ';')}. MISP posts the start of the run but no end.`
      : say`Scope, locality and tag match.`,
    null,
    lookUp('the trigger node in the workflow editor', null, null)
  )
}

function jobSize(data: JsonMap): WhyNotCheck {
  const title = 'The data fits into a background job'
  const where = lookUp(
    'Administration › Jobs (the job stays unfinished)',
    null,
    'tail app/tmp/logs/misp-workers-errors.log (“Argument list too long”)'
  )
  if (!exceedsAsJson(data, jobArgumentLimit))
    return check(
      'job-size',
      title,
      'ok',
      say`As JSON it has at most 131,071 bytes, Linux’s limit for one command-line argument.`,
      null,
      where
    )
  return check(
    'job-size',
    title,
    'problem',
    say`As JSON it has more than 131,071 bytes. The worker gets it as one command-line argument, and Linux refuses to start it: the job never runs.`,
    null,
    where
  )
}
