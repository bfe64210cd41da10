// What a run touched of a workflow. Nodes are those of the workflow by id; a step of a node that has another module now does not count.
import type { ConditionCoverage, Hits } from '../../contract/coverage.ts'
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { RunStep } from '../../contract/run-views.ts'
import type { RawWorkflow } from '../../contract/workflow.ts'
import { connectionsOf, dataOf, field, moduleOf, nodesOf } from '../graph/nodes.ts'
import { phpInt } from '../php/cast.ts'
import { parsePathList } from '../graph/walk-helpers.ts'
import { listOf } from '../modules/describe/reason.ts'
import { withDefaults } from '../modules/describe/settings.ts'
import { codeOf } from '../modules/implementations.ts'
import { modulesOf } from '../modules/table.ts'
import { looseEquals } from '../php/compare.ts'
import { PhpThrow } from '../php/exceptions.ts'
import { isMap } from '../php/values.ts'
import { underPhp } from '../php/version.ts'
import { profiles } from '../profiles/profiles.ts'
import type { ProfileId } from '../profiles/profiles.ts'
import type { RunFold } from './fold.ts'

interface Edge {
  readonly source: number
  readonly output: string
  readonly target: number
  readonly key: string
}

const edgeKey = (source: number | string, output: string, target: number | string): string =>
  `${source}.${output}->${target}`

const isTemplate = /\{[{%]/

interface Reasoned {
  readonly wanted: readonly Json[]
  readonly found: readonly Json[]
}

/** What is to be touched, with the counts of any number of runs. */
export class CoverageCounter {
  readonly #nodes = new Map<number, { readonly module: string; readonly isTrigger: boolean }>()
  readonly #edges: Edge[] = []
  readonly #hits = new Map<string, number>()
  readonly #conditions = new Map<number, readonly string[]>()

  constructor(
    workflow: RawWorkflow,
    readonly profile: ProfileId
  ) {
    const modules = modulesOf(profile)
    for (const { node } of nodesOf(workflow.data)) {
      const id = phpInt(field(node, 'id'))
      const { type, id: module } = moduleOf(node)
      this.#nodes.set(id, { module, isTrigger: type === 'trigger' })
      for (const { output, target } of connectionsOf(node))
        this.#edges.push({ source: id, output, target, key: edgeKey(id, output, target) })
      if (type === 'logic' && modules.facts('logic', module)?.branches === 'condition') {
        const params = dataOf(node, 'indexed_params')
        const { wanted } = this.#reason(module, isMap(params) ? params : {}, null)
        this.#conditions.set(id, wanted.length < 2 ? [] : [...new Set(wanted.map(plainText))])
      }
    }
  }

  /** @param fold of the run alone, without those that it fired */
  add(fold: RunFold): void {
    const { steps } = fold
    const trigger = [...this.#nodes].find(([, { isTrigger }]) => isTrigger)?.[0]
    if (trigger !== undefined && (steps.length > 0 || fold.finished?.walk)) this.#hit('node', trigger)
    for (const [position, step] of steps.entries()) {
      const { nodeId } = step
      if (nodeId === null || this.#nodes.get(nodeId)?.module !== step.moduleId) continue
      for (const edge of this.#edgesTo(steps, position)) this.#hit('edge', edge)
      if (step.result === 'disabled_module' || step.result === 'loading_error' || step.result === 'running') continue
      this.#hit('node', nodeId)
      if (this.#conditions.has(nodeId)) this.#addCondition(nodeId, step, fold, position)
    }
  }

  #hit(kind: string, key: string | number): void {
    const name = `${kind} ${key}`
    this.#hits.set(name, (this.#hits.get(name) ?? 0) + 1)
  }

  /** As the walk reported it; MISP’s posts do not, there it is the last step that leads here. */
  #edgesTo(steps: readonly RunStep[], position: number): readonly string[] {
    const { nodeId, path } = steps[position]!
    const [last] = parsePathList(path.slice(-1))
    if (last) return [edgeKey(last.source_id, last.output_id, last.next_node_id)]
    const into = this.#edges.filter(({ target }) => target === nodeId)
    for (const step of steps.slice(0, position).reverse()) {
      const taken = into.find(
        ({ source, output }) =>
          source === step.nodeId && (!this.#conditions.has(source) || step.branch === null || step.branch === output)
      )
      if (taken) return [taken.key]
    }
    const first = into.find(({ source }) => this.#nodes.get(source)?.isTrigger)
    return first ? [first.key] : []
  }

  #addCondition(nodeId: number, step: RunStep, fold: RunFold, position: number): void {
    if (step.branch === 'output_1') this.#hit('true', nodeId)
    else if (step.branch === 'output_2') this.#hit('false', nodeId)
    const values = this.#conditions.get(nodeId) ?? []
    const data = fold.data[position]
    if (values.length === 0 || !data || step.result !== 'success') return
    const { wanted, found } = this.#reason(step.moduleId, (data.params ?? {}) as JsonMap, data.view ?? null)
    // What was made of a template stands for it, in their order. Any other value is asked for itself: a run of another version asked for others.
    const isSameLength = wanted.length === values.length
    for (const [i, value] of values.entries()) {
      const own = isSameLength && isTemplate.test(value) ? wanted[i] : undefined
      const asked = own ?? wanted.find((one) => plainText(one) === value) ?? value
      const has = found.some((one) => looseEquals(one, asked))
      this.#hit(`${has ? 'has' : 'lacks'} ${nodeId}`, value)
    }
  }

  #reason(module: string, params: JsonMap, view: Json): Reasoned {
    const reason = codeOf(this.profile).reason(module)
    if (reason === undefined) return { wanted: [], found: [] }
    const rules = profiles[this.profile]
    try {
      return underPhp(rules.php, () => {
        const told = reason(withDefaults(params, modulesOf(this.profile).find('logic', module)), view ?? {}, rules)
        return { wanted: listOf(told.value), found: listOf(told.found) }
      })
    } catch (thrown) {
      if (!(thrown instanceof PhpThrow)) throw thrown
      return { wanted: [], found: [] }
    }
  }

  hits(): Hits {
    const count = (name: string): number => this.#hits.get(name) ?? 0
    const byValue = (prefix: string, values: readonly string[]): Record<string, number> =>
      Object.fromEntries(values.map((value) => [value, count(`${prefix} ${value}`)]))
    const conditions = [...this.#conditions].map(([id, values]): [string, ConditionCoverage] => [
      String(id),
      {
        ...{ true: count(`true ${id}`), false: count(`false ${id}`) },
        alternatives: byValue(`has ${id}`, values),
        without: byValue(`lacks ${id}`, values)
      }
    ])
    return {
      nodes: Object.fromEntries([...this.#nodes.keys()].map((id) => [String(id), count(`node ${id}`)])),
      edges: Object.fromEntries(this.#edges.map(({ key }) => [key, count(`edge ${key}`)])),
      conditions: Object.fromEntries(conditions)
    }
  }
}
