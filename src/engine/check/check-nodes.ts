// Problems of single nodes: modules that are unknown, disabled or at the wrong place, and parameters that cannot work.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { ModuleDefinition } from '../../contract/modules.ts'
import type { WorkflowProblem } from '../../contract/workspace.ts'
import type { RuleId } from '../../contract/rules.ts'
import { maskParam } from '../../contract/secrets.ts'
import { capital, coded, nodeNamed, say, shownValue, theirs, theirsCoded } from '../../contract/sentence.ts'
import type { Sentence, Verdict } from '../../contract/sentence.ts'
import { isUnknownOption } from '../modules/describe/settings.ts'
import { checkTexts } from './check-texts.ts'
import { atParam, problem } from './check-problem.ts'
import type { CheckContext } from './check-problem.ts'
import { dataOf, field, moduleOf, nodesOf, phpKey } from '../graph/nodes.ts'
import { isMap } from '../php/values.ts'
import type { PhpKey } from '../graph/nodes.ts'
import { codeOfNotice, noticesFor } from './notices.ts'
import type { Notice } from './notices.ts'
import { extractTriggerId } from '../graph/walk-helpers.ts'

interface Place {
  readonly id: PhpKey
  readonly node: Json
  readonly definition: ModuleDefinition
}

/** MISP's notices, one problem for each kind and module. */
function notices(context: CheckContext, places: readonly Place[]): WorkflowProblem[] {
  const trigger = context.lookup('trigger', plainText(extractTriggerId(context.workflow.data) ?? '')) ?? null
  const isDisabled = ({ module_type, id }: ModuleDefinition): boolean => context.isDisabled(module_type, id)
  const found = new Map<string, { notice: Notice; definition: ModuleDefinition; ids: PhpKey[] }>()
  for (const { id, definition } of places) {
    const { error, warning } = noticesFor(definition, {
      modules: context.modules,
      trigger,
      arbitraryUrls: context.arbitraryUrls,
      isDisabled
    })
    for (const notice of [...error, ...warning]) {
      // A trigger that blocks is no blocking module in a non-blocking workflow: it is the workflow's own.
      const key = `${notice.text}\n${definition.module_type}\n${definition.id}`
      const entry = found.get(key) ?? { notice, definition, ids: [] }
      entry.ids.push(id)
      found.set(key, entry)
    }
  }
  return [...found.values()].map(({ notice, definition, ids }) => {
    const code = codeOfNotice(notice)
    const said = notice.text.replace(/\.$/, '')
    return problem(code, say`${theirs(definition.name)}: ${theirs(said)}. ${theirs(notice.description)}`, ids)
  })
}

const verdictCodes: { readonly [V in Verdict]?: RuleId } = {
  never: 'CONDITION_NEVER',
  always: 'CONDITION_ALWAYS',
  'keeps nothing': 'FILTER_KEEPS_NOTHING',
  aborts: 'MODULE_ABORTS',
  'does nothing': 'MODULE_DOES_NOTHING'
}

const mapOf = (value: Json | undefined): JsonMap => (isMap(value) ? value : {})

/** "Node 3 (Webhook)". */
const placeOf = (id: PhpKey, { name, id: moduleId }: ModuleDefinition): Sentence =>
  capital(say`${nodeNamed(id, moduleId)} (${theirs(name)})`)

function verdicts({ service, modules, data }: CheckContext, { id, node, definition }: Place): WorkflowProblem[] {
  const explain = modules.explain(definition.module_type, definition.id, service)
  if (!explain || definition.is_custom) return []
  const params = mapOf(dataOf(node, 'indexed_params'))
  const sentence = explain({ params, filters: mapOf(dataOf(node, 'saved_filters')), ...(data ? { data } : {}) })
  const code = verdictCodes[sentence.verdict]
  return code === undefined ? [] : [problem(code, say`${placeOf(id, definition)}: ${sentence}`, [id])]
}

function params({ modules }: CheckContext, { id, node, definition }: Place): WorkflowProblem[] {
  const saved = mapOf(dataOf(node, 'indexed_params'))
  const found: WorkflowProblem[] = []
  for (const [name, value] of Object.entries(saved)) {
    const param = definition.params.find((p) => p.id === name)
    const where = placeOf(id, definition)
    if (!param) {
      const text = say`${where}: ${coded(name, () => ({ kind: 'setting', name, value: shownValue(maskParam(name, value)) }))} is not a parameter of this module; MISP ignores it.`
      found.push(atParam(name, problem('PARAM_UNKNOWN', text, [id])))
    } else if (
      param.type === 'select' &&
      value !== '' &&
      value !== null &&
      !modules.hasWorldOptions(definition, name) &&
      isUnknownOption(definition, name, value)
    ) {
      const its = coded(maskParam(name, value), (shown) => ({ kind: 'setting', name, value: shown }))
      const text = say`${where}: ${its} is not a valid value for ${theirsCoded(plainText(param.label ?? name))}.`
      found.push(atParam(name, problem('PARAM_VALUE_UNKNOWN', text, [id])))
    }
  }
  return found
}

const texts = (context: CheckContext, { id, node, definition }: Place): WorkflowProblem[] =>
  checkTexts(context, {
    ...{ id, definition, where: placeOf(id, definition) },
    params: mapOf(dataOf(node, 'indexed_params'))
  })

function version({ id, node, definition }: Place): WorkflowProblem[] {
  const saved = dataOf(node, 'module_version')
  if (typeof saved !== 'string' || saved === '?' || saved === definition.version || definition.is_misp_module) return []
  const previous = dataOf(node, 'previous_module_version')
  const before =
    typeof previous === 'string' && previous !== '?' && previous !== saved && say` (before that ${theirs(previous)})`
  const text = say`${placeOf(id, definition)} was saved with version ${theirs(saved)} of the module${before}; it is ${theirs(definition.version)} here.`
  return [problem('MODULE_VERSION', text, [id])]
}

export function checkNodes(context: CheckContext): readonly WorkflowProblem[] {
  const places: Place[] = []
  const unknown: WorkflowProblem[] = []
  for (const { node } of nodesOf(context.workflow.data)) {
    const id = phpKey(field(node, 'id'))
    const module = moduleOf(node)
    const definition = context.lookup(module.type, module.id)
    if (definition) places.push({ id, node, definition })
    else {
      const type = module.type !== '' && say`${theirs(module.type)} `
      const text = say`Could not load class for module: ${theirs(module.id)}. There is no ${type}module of that id here; it may be a custom module or come from a misp-modules service.`
      unknown.push(problem('MODULE_UNKNOWN', text, [id]))
    }
  }
  return [
    ...unknown,
    ...notices(context, places),
    ...places.flatMap((place) => [
      ...verdicts(context, place),
      ...params(context, place),
      ...texts(context, place),
      ...version(place)
    ])
  ]
}
