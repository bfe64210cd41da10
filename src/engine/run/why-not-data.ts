// Whether the trigger can use the data: normalisation, its own conditions, the size of a job.
import type { WhyNotCheck } from '../../contract/authoring.ts'
import type { JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { dataOf } from '../graph/nodes.ts'
import { extractTrigger } from '../graph/walk-helpers.ts'
import { codeOf } from '../modules/implementations.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { isEmpty, dig } from '../php/values.ts'
import { createWorld } from '../world/create.ts'
import { exceedsAsJson } from './job-data.ts'
import { check, lookUp, profileOf } from './why-not-words.ts'
import type { WhyNotQuestion } from './why-not-words.ts'

/** Linux starts no program with a longer argument (MAX_ARG_STRLEN less the closing zero). */
export const jobArgumentLimit = 131_071

export function dataChecks(question: WhyNotQuestion, definition: ModuleDefinition): WhyNotCheck[] {
  const { data } = question
  if (data === null) {
    const text =
      'Choose data to see whether the trigger can use it, whether its conditions hold and whether it fits into a job.'
    return [
      check('data', 'The data fits', 'unknown', text, 'an event that MISP can hand over', lookUp(null, null, null))
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
    if (codeOf(profileOf(question)).normalize(question.trigger, data, createWorld({}, data)) !== false)
      return check(
        'normalise',
        title,
        'ok',
        'MISP can bring this data into the form that the workflow starts with.',
        null,
        where
      )
    return check(
      'normalise',
      title,
      'problem',
      'MISP answers “Error while normalizing data for trigger. Invalid input.” and runs nothing.',
      null,
      where
    )
  } catch (error) {
    if (!(error instanceof PhpThrow)) throw error
    return check(
      'normalise',
      title,
      'problem',
      `MISP answers “Error while normalizing data for trigger” and runs nothing: ${error.message}`,
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
  const name = String(dig(tag, 'name') ?? '')
  const reasons = [
    ...(scope === 'attribute' && !onAttribute ? ['its scope is attributes, and the tag is on an event'] : []),
    ...(scope === 'event' && onAttribute ? ['its scope is events, and the tag is on an attribute'] : []),
    ...(locality === 'local' && !local ? ['it wants local tags, and the tag is global'] : []),
    ...(locality === 'global' && local ? ['it wants global tags, and the tag is local'] : []),
    ...(wanted !== '' && wanted !== name ? [`it wants the tag ${wanted}, and the tag is ${name || 'nameless'}`] : [])
  ]
  return check(
    'condition',
    'The trigger’s own conditions hold',
    reasons.length > 0 ? 'problem' : 'ok',
    reasons.length > 0
      ? `They do not: ${reasons.join('; ')}. MISP posts the start of the run and no end.`
      : 'Scope, locality and tag fit.',
    null,
    lookUp('the trigger node in the workflow editor', null, null)
  )
}

function jobSize(data: JsonMap): WhyNotCheck {
  const title = 'The data fits into a job'
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
      'As JSON it is at most 131,071 bytes, what Linux passes to a program in one argument.',
      null,
      where
    )
  return check(
    'job-size',
    title,
    'problem',
    'As JSON it is larger than 131,071 bytes. The worker gets it as one argument of a program, and Linux refuses to start that program: the job never runs.',
    null,
    where
  )
}
