// Parameters that cannot work whatever the data: templates that no renderer takes, and JSON that is none.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import { isSecretParam } from '../../contract/modules.ts'
import { say, theirs, theirsCoded } from '../../contract/sentence.ts'
import type { Sentence } from '../../contract/sentence.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import type { PhpKey } from '../graph/nodes.ts'
import { jsonProblem } from '../modules/describe/json-problem.ts'
import { hasTemplate } from '../modules/describe/settings.ts'
import type { JsonParam } from '../modules/facts.ts'
import { isEmpty } from '../php/values.ts'
import { atParam, problem } from './check-problem.ts'
import type { CheckContext } from './check-problem.ts'

interface Place {
  readonly id: PhpKey
  readonly definition: ModuleDefinition
  readonly params: JsonMap
  /** "Node 3 (Webhook)". */
  readonly where: Sentence
}

export const checkTexts = (context: CheckContext, place: Place): WorkflowProblem[] => [
  ...templates(context, place),
  ...jsonTexts(context, place)
]

const labelOf = ({ params }: ModuleDefinition, id: string): Sentence =>
  theirsCoded(plainText(params.find((param) => param.id === id)?.label ?? id))

function templates({ templateFault, modules }: CheckContext, place: Place): WorkflowProblem[] {
  const { id, definition, params, where } = place
  if (templateFault === undefined) return []
  const whenEmpty = modules.facts('action', definition.id)?.whenEmpty ?? {}
  return definition.params.flatMap((param) => {
    const text = params[param.id]
    if (isEmpty(param['jinja_supported'] ?? null) || typeof text !== 'string' || !hasTemplate(text)) return []
    const fault = templateFault(text)
    if (fault === null) return []
    const line = fault.line === null ? '' : ` (line ${fault.line})`
    // What a parser cannot read it quotes.
    const said = isSecretParam(param.id) ? fault.type : `${fault.type}: ${fault.message.replace(/\.$/, '')}`
    const then = Object.hasOwn(whenEmpty, param.id) ? whenEmpty[param.id] : undefined
    const sentence = say`${where}: the template in ${labelOf(definition, param.id)} cannot be rendered: ${theirs(`${said}${line}`)}. MISP uses an empty text instead${then !== undefined && say`, and ${then}`}.`
    return [atParam(param.id, problem('TEMPLATE_INVALID', sentence, [id]))]
  })
}

function jsonTexts({ modules }: CheckContext, { id, definition, params, where }: Place): WorkflowProblem[] {
  const facts = modules.facts('action', definition.id)
  return (facts?.json ?? []).flatMap(({ param, when, then }: JsonParam) => {
    const text = params[param]
    const isTemplate = !isEmpty(definition.params.find((one) => one.id === param)?.['jinja_supported'] ?? null)
    if (typeof text !== 'string' || text === '' || (isTemplate && hasTemplate(text))) return []
    if (when !== undefined && valueOf(definition, params, when.param) !== when.value) return []
    const at = jsonProblem(param, text)
    if (at === null) return []
    const sentence = say`${where}: ${labelOf(definition, param)} is no valid JSON (${at}), so ${then}.`
    return [atParam(param, problem('JSON_INVALID', sentence, [id]))]
  })
}

const valueOf = ({ params: known }: ModuleDefinition, params: JsonMap, id: string): Json =>
  params[id] ?? (known.find((param) => param.id === id)?.['default'] as Json | undefined) ?? ''
