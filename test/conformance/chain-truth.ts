// Whether a chain is true of a run: each of its links is compared with the run's own events, by other means than those that made it.
import { expect } from 'vitest'
import type { Chain, ChainLink } from '../../src/contract/chain.ts'
import type { Json, JsonMap } from '../../src/contract/json.ts'
import type { RunEvent, RunEventMap } from '../../src/contract/run.ts'
import { extract } from '../../src/engine/hash/hash.ts'
import { looseEquals } from '../../src/engine/php/compare.ts'
import { values } from '../../src/engine/php/values.ts'

type Finished = RunEventMap['node.finished']

export interface Truth {
  readonly steps: readonly Finished[]
  readonly normalized: Json
  readonly end: RunEventMap['run.finished']
  readonly nodes: ReadonlyMap<number, JsonMap>
}

export function truthOf(events: readonly RunEvent[], workflow: JsonMap): Truth {
  const ofType = <T extends RunEvent['type']>(type: T) =>
    events.flatMap((event) => (event.type === type ? [event.data as RunEventMap[T]] : []))
  const row = (workflow['Workflow'] ?? workflow) as JsonMap
  const nodes = Object.entries(row['data'] as JsonMap).filter(([key]) => key !== '_frames')
  return {
    steps: ofType('node.finished'),
    normalized: ofType('run.normalized')[0]?.normalized ?? null,
    end: ofType('run.finished').at(-1)!,
    nodes: new Map(nodes.map(([, node]) => [Number((node as JsonMap)['id']), node as JsonMap]))
  }
}

const at = (value: Json | undefined, path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (here, key) =>
      typeof here === 'object' && here !== null && Object.hasOwn(here, key) ? (here as JsonMap)[key] : undefined,
    value
  )

/** Nodes that can be reached from one of a node's outputs. */
function behind({ nodes }: Truth, nodeId: number, output: string): Set<number> {
  const targets = (id: number, only?: string): number[] =>
    Object.entries((nodes.get(id)?.['outputs'] ?? {}) as JsonMap).flatMap(([name, socket]) =>
      only !== undefined && name !== only
        ? []
        : Object.values(((socket as JsonMap)['connections'] ?? {}) as JsonMap).map((one) =>
            Number((one as JsonMap)['node'])
          )
    )
  const seen = new Set(targets(nodeId, output))
  for (const id of seen) for (const next of targets(id)) seen.add(next)
  return seen
}

/** What is wrong with a link; null when it is true. */
function wrongLink(truth: Truth, link: ChainLink): string | null {
  const { claim, at: place } = link
  const step = place?.step ? truth.steps[place.step - 1] : undefined
  const root = place?.which === 'input' ? step?.before : place?.which === 'normalized' ? truth.normalized : step?.after
  const here = place ? at(root, place.path) : undefined
  const say = (is: boolean): string | null =>
    is ? null : `not true: ${JSON.stringify(link)}, there is ${JSON.stringify(here)?.slice(0, 200)}`
  if (place?.step && step === undefined) return `no such step: ${JSON.stringify(link)}`
  if (step && place && place.nodeId !== step.nodeId) return `another node: ${JSON.stringify(link)}`
  switch (claim.kind) {
    case 'text':
      return null
    case 'ended':
      if (claim.how === 'stopped') return say(step?.moduleId === 'stop-execution' && !step.success)
      if (claim.how === 'failed') return say(step !== undefined && !step.success && step.moduleType !== 'logic')
      if (claim.how === 'threw') return say(truth.end.throwable?.nodeId === place?.nodeId)
      return say(place !== null)
    case 'failed':
      return say(step !== undefined && !step.success)
    case 'branch':
      return say(step?.branch === claim.branch)
    case 'unreached':
      return say(
        place !== null &&
          truth.nodes.has(place.nodeId ?? NaN) &&
          !truth.steps.some(({ nodeId }) => nodeId === place.nodeId)
      )
    case 'job':
      return say(step?.moduleId === 'concurrent-task' && truth.steps.some(({ job }) => job === claim.job))
    case 'value':
    case 'came':
      return say(here !== undefined && (claim.kind === 'came' || JSON.stringify(here) === JSON.stringify(claim.value)))
    case 'wrote': {
      const { path } = place!
      const [was, is] = [at(step?.before, path), at(step?.after, path)]
      const differs = JSON.stringify(was) !== JSON.stringify(is)
      return say(differs && (claim.op === 'removed' ? was !== undefined : is !== undefined))
    }
    default:
      return null
  }
}

/** Counts of what a condition found, with MISP's own extract. `step`: the condition's. */
function wrongCount(step: Finished, { claim }: ChainLink): string | null {
  if (claim.kind !== 'none' && claim.kind !== 'matches' && claim.kind !== 'count') return null
  if (claim.hashPath.includes(', ') || claim.hashPath === '') return null
  const extracted = extract(step.view, claim.hashPath)
  const found = extracted === null ? [] : typeof extracted === 'object' ? values(extracted as never) : [extracted]
  if (claim.kind === 'count')
    return found.length === claim.count ? null : `${claim.count} counted, ${found.length} there`
  const wanted = claim.kind === 'none' ? claim.wanted : [claim.value]
  const hits = found.filter((one) => wanted.some((value) => looseEquals(one, value))).length
  if (claim.kind === 'matches') return hits === claim.count ? null : `${claim.count} matches told, ${hits} there`
  return hits === 0 && found.length === claim.count
    ? null
    : `none of ${claim.count} told, ${hits} of ${found.length} there`
}

/** Expects that every link of a chain is true, that conditions lead to what they are told to have led to, and that it tells the outcome. */
export function expectTrue(truth: Truth, chain: Chain | null): void {
  expect(chain).not.toBeNull()
  const { links } = chain!
  const wrong: string[] = []
  let condition: Finished | undefined
  let told: number | null = null
  for (const link of links) {
    const problem = wrongLink(truth, link)
    if (problem) wrong.push(problem)
    const { claim, at: place } = link
    if (claim.kind === 'ended' || claim.kind === 'unreached') told = place?.nodeId ?? null
    if (claim.kind === 'branch') {
      condition = truth.steps[(place?.step ?? 0) - 1]
      const isUnreached = links.some((one) => one.claim.kind === 'unreached' && one.at?.nodeId === told)
      const taken = claim.branch
      const other = taken === 'output_1' ? 'output_2' : 'output_1'
      const through = behind(
        truth,
        Number(condition?.nodeId),
        isUnreached && link.lead.includes('not reached') ? other : taken
      )
      if (told !== null && told !== condition?.nodeId && !through.has(told))
        wrong.push(`${told} is not behind ${JSON.stringify(link)}`)
    }
    const count = condition ? wrongCount(condition, link) : null
    if (count) wrong.push(count)
  }
  expect(wrong).toEqual([])
  const [first] = links
  const { outcome } = truth.end
  const mainFails = truth.steps.filter(
    ({ job, moduleType, success }) => job === undefined && moduleType !== 'logic' && !success
  )
  if (outcome === 'blocked' || outcome === 'failure') {
    expect(first?.claim.kind).toBe('ended')
    expect(first?.at?.nodeId).toBe(mainFails.at(-1)?.nodeId)
  }
}
