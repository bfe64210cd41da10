// Nodes that a run did not come to, in words: each reason once, with the nodes that it is the reason of.
import type { Chain, ChainLink, ChainPlace } from '../../contract/chain.ts'
import type { Json } from '../../contract/json.ts'
import { isPinned } from '../../contract/run-views.ts'
import type { RunStep, Unreached } from '../../contract/run-views.ts'
import { formatCount } from '../../contract/words.ts'
import { isMap, values } from '../php/values.ts'
import { conditionLinks, nameOf, nodeLink, numberedNameOf, tellingOf, wayTo, word } from './chain-way.ts'
import type { Telling } from './chain-way.ts'
import type { RunFold } from './fold.ts'
import type { NotReached } from './not-reached.ts'

/** Nodes that are named of one reason. */
const mostNames = 5
/** Nodes that are listed of one reason, and reasons that are told. */
const mostNodes = 500
const mostReasons = 50
const mostErrorCharacters = 160

/** Why a node was not executed, as a sentence; null for one that was. */
export function notReachedChain(fold: RunFold, workflow: Json, nodeId: number): Chain | null {
  const telling = tellingOf(fold, workflow)
  if (telling.index.lastOfNode(nodeId) !== undefined) return null
  const why = telling.missed.get(nodeId) ?? { cause: 'unconnected', step: null }
  return { links: withoutEmpty(unreachedLinks(telling, [nodeId], why, '')), tail: '.' }
}

/** What a run that is over did not execute: what MISP skipped first. Nothing while it goes on. */
export function unreachedOf(fold: RunFold, workflow: Json): readonly Unreached[] {
  if (fold.finished === null) return []
  const telling = tellingOf(fold, workflow)
  const endedAt = fold.finished.throwable?.nodeId ?? fold.endedAt
  const groups = new Map<string, { readonly why: NotReached; readonly nodeIds: number[] }>()
  for (const [nodeId, why] of telling.missed) {
    // How the run ended tells of it.
    if (why.cause === 'threw' && nodeId === endedAt) continue
    const key = `${why.cause} ${why.step?.step ?? ''}`
    const known = groups.get(key)
    if (known) known.nodeIds.push(nodeId)
    else groups.set(key, { why, nodeIds: [nodeId] })
  }
  const told = [...groups.values()].map(({ why, nodeIds }): Unreached => {
    const links = unreachedLinks(telling, nodeIds, why, '')
    return {
      skipped: isSkipped(telling, why),
      nodes: nodeIds.slice(0, mostNodes).map((nodeId) => listed(telling, nodeId)),
      total: nodeIds.length,
      chain: { links: withoutEmpty(links), tail: '.' }
    }
  })
  return [...told.filter(({ skipped }) => skipped), ...told.filter(({ skipped }) => !skipped)].slice(0, mostReasons)
}

/** How many nodes MISP skipped, because an action before them did not succeed. */
export const skippedBehind = (telling: Telling): number =>
  [...telling.missed.values()].filter((why) => isSkipped(telling, why)).length

const isSkipped = ({ fold }: Telling, { cause, step }: NotReached): boolean =>
  cause === 'failed' &&
  step?.moduleType !== 'logic' &&
  (step === null || step.job !== null || fold.started?.pathType !== 'blocking')

const listed = ({ index, ...telling }: Telling, nodeId: number): Unreached['nodes'][number] => ({
  nodeId,
  moduleId: index.graph.get(nodeId)?.moduleId ?? '',
  name: nameOf({ index, ...telling }, nodeId)
})

const withoutEmpty = (links: readonly ChainLink[]): readonly ChainLink[] =>
  links.filter(({ lead, text }) => lead !== '' || text !== '')

/** `begin`: what the sentence begins with. */
export function unreachedLinks(
  telling: Telling,
  nodeIds: readonly number[],
  why: NotReached,
  begin: string
): ChainLink[] {
  const nodes = namedNodes(telling, nodeIds, begin)
  const { cause, step } = why
  const were = nodeIds.length > 1 ? 'were' : 'was'
  const they = nodeIds.length > 1 ? 'they are' : 'it is'
  const lead = ` ${were} not reached`
  switch (cause) {
    case 'branch':
      return [...nodes, ...conditionLinks(telling, step!.step - 1, `${lead}, because `)]
    case 'failed': {
      const what = isSkipped(telling, why)
        ? ` ${were} skipped, because ${they} behind `
        : `${lead}, because ${they} behind `
      return step === null ? [...nodes, word(` ${were} skipped`)] : [...nodes, ...failedLinks(telling, step, what)]
    }
    case 'threw':
      return threwLinks(telling, nodeIds, nodes)
    case 'job': {
      const begins = `${lead}, because no step is known of the background job that `
      return [...nodes, nodeLink(telling, step!.step - 1, begins, { kind: 'text' }), word(' started')]
    }
    case 'ended': {
      const ended = `${lead}, because the run ended at `
      return [...nodes, nodeLink(telling, step!.step - 1, ended, { kind: 'ended', how: 'last' })]
    }
    case 'not started':
      return [...nodes, word(`${lead}, because no node ran`)]
    case 'unconnected':
      return [
        ...nodes,
        word(`${lead}, because nothing leads to ${nodeIds.length > 1 ? 'them' : 'it'} from the trigger`)
      ]
  }
}

function namedNodes(telling: Telling, nodeIds: readonly number[], begin: string): ChainLink[] {
  const shown = nodeIds.slice(0, mostNames)
  const more = nodeIds.length - shown.length
  const links = shown.map((nodeId, i): ChainLink => {
    const at: ChainPlace = { step: null, nodeId, which: 'summary', path: [] }
    const joint = i === shown.length - 1 && more === 0 ? ' and ' : ', '
    return { lead: i === 0 ? begin : joint, text: nameOf(telling, nodeId), claim: { kind: 'unreached' }, at }
  })
  return more > 0 ? [...links, word(` and ${formatCount(more)} more`)] : links
}

function failedLinks(telling: Telling, step: RunStep, lead: string): ChainLink[] {
  const at = step.step - 1
  const node = nodeLink(telling, at, lead, { kind: 'failed' })
  const numbered = numberedNameOf(telling, step)
  const where = step.job === null ? 'in a workflow that does not block,' : 'in a background job'
  const rule = isSkipped(telling, { cause: 'failed', step })
    ? `; ${where} MISP goes no further behind an action that did not succeed`
    : ''
  return [{ ...node, text: numbered }, word(`, ${howItFailed(step)}${rule}`), ...wayTo(telling, at)]
}

/** The data that the run's last node had, which has no step of its own. */
function dataBefore({ fold, index }: Telling): ChainLink {
  const last = index.lastOfWalk(null)
  const step = last === undefined ? undefined : fold.steps[last]
  const which = step === undefined ? 'normalized' : 'output'
  const text = step === undefined ? 'the data that the workflow began with' : `the data that step ${step.step} left`
  const at: ChainPlace = { step: step?.step ?? 0, nodeId: step?.nodeId ?? null, which, path: [] }
  return { lead: '; MISP had ', text, claim: { kind: 'text' }, at }
}

/** "which is disabled", "which failed (…)". */
function howItFailed(step: RunStep): string {
  if (step.result === 'disabled_module') return 'which is disabled'
  if (step.result === 'loading_error') return 'whose module MISP does not know'
  if (isPinned(step)) return 'whose pinned output failed'
  const errors = isMap(step.errors) || Array.isArray(step.errors) ? values(step.errors as Json[]) : []
  const said = step.message ?? errors.find((error) => typeof error === 'string') ?? ''
  const text = String(said).replace(/\s+/g, ' ').trim()
  const cut = text.length > mostErrorCharacters ? `${text.slice(0, mostErrorCharacters)}…` : text
  return cut === '' ? 'which failed without an error text' : `which failed (${cut.replace(/\.$/, '')})`
}

/** The run ended at a node without a step: that one, and what is behind it. */
function threwLinks(telling: Telling, nodeIds: readonly number[], nodes: readonly ChainLink[]): ChainLink[] {
  const { finished, endedAt } = telling.fold
  const thrown = finished?.throwable
  const nodeId = thrown?.nodeId ?? endedAt ?? 0
  const how = thrown ? 'threw' : 'unknown'
  const what = thrown
    ? `${thrown.class}: ${thrown.message.trim().replace(/\.$/, '')}`
    : (finished?.outcomeText ?? '').trim().replace(/\.$/, '')
  const place: ChainPlace = { step: null, nodeId, which: 'summary', path: [] }
  if (nodeIds.length === 1 && nodeIds[0] === nodeId) {
    const [own] = nodes
    const text = thrown
      ? ` was executed and threw ${what}`
      : `: Retrace cannot tell what it does${what === '' ? '' : `: ${what}`}`
    const node: ChainLink = { lead: own?.lead ?? '', text: own?.text ?? '', claim: { kind: 'ended', how }, at: place }
    return [node, word(text), dataBefore(telling)]
  }
  const were = nodeIds.length > 1 ? 'were' : 'was'
  const link: ChainLink = {
    ...{ lead: ` ${were} not reached, because the run ended at `, text: nameOf(telling, nodeId) },
    ...{ claim: { kind: 'ended', how }, at: place }
  }
  return [...nodes, link, word(thrown ? `, which threw ${what}` : what === '' ? '' : `: ${what}`)]
}
