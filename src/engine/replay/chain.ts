// The cause of a run's outcome as one sentence: the node that it ended at, the conditions on the way there, the items that decided them, and
// who wrote those. Goes back from the end along an index; only what the sentence names is looked at.
import { append } from '../../contract/lists.ts'
import type { Chain, ChainLink, ChainPlace } from '../../contract/chain.ts'
import type { Json } from '../../contract/json.ts'
import type { RunStep } from '../../contract/run-views.ts'
import { plural } from '../../contract/words.ts'
import { modulesOf } from '../modules/table.ts'
import { beforeThat, conditionLinks, isCondition, nameOf, nodeLink, tellingOf, wayTo, word } from './chain-way.ts'
import type { Telling } from './chain-way.ts'
import type { RunFold } from './fold.ts'
import type { RunIndex } from './run-index.ts'
import { skippedBehind, unreachedLinks } from './unreached.ts'

const shownFailures = 2

/** Null while the run goes on. `workflow`: null where it is not known. */
export function chainOf(fold: RunFold, workflow: Json): Chain | null {
  if (fold.finished === null) return null
  const links = outcomeLinks(tellingOf(fold, workflow), fold.finished.outcome)
  return { links: links.filter(({ lead, text }) => lead !== '' || text !== ''), tail: '.' }
}

const withoutEnd = (text: string): string => text.trim().replace(/\.$/, '')

function outcomeLinks(telling: Telling, outcome: string): ChainLink[] {
  const { fold, index } = telling
  const { finished, started } = fold
  switch (outcome) {
    case 'blocked':
    case 'failure': {
      const at = enderOf(telling, null)
      const lead =
        outcome === 'blocked' ? 'Blocked by ' : started?.pathType === 'blocking' ? 'Stopped by ' : 'Failed at '
      if (at === null) return [word(outcome === 'blocked' ? 'Blocked' : 'Failed')]
      const how = outcome === 'blocked' ? 'stopped' : 'failed'
      return [nodeLink(telling, at, lead, { kind: 'ended', how }), ...wayTo(telling, at), ...jobLinks(telling, at)]
    }
    case 'aborted':
      return abortedLinks(telling)
    case 'not started':
      return [word(`Not started: ${withoutEnd(finished?.outcomeText ?? '')}`)]
    case 'cannot tell':
      return cannotTellLinks(telling)
    case 'no end': {
      const at = index.lastOfWalk(null)
      if (at === undefined) return [word('MISP reported no end, and no node')]
      const last = nodeLink(telling, at, 'MISP reported no end; the last node was ', { kind: 'ended', how: 'last' })
      return [last, ...wayTo(telling, at)]
    }
    default:
      return passedLinks(telling)
  }
}

/** The node that ended a walk by failing; null when it did not end so. */
function enderOf({ fold, index }: Telling, job: string | null): number | null {
  for (let at = index.lastOfWalk(job) ?? null; at !== null; at = at > 0 ? previousInWalk(index, at) : null) {
    const step = fold.steps[at]!
    if (step.moduleType !== 'logic' && !step.success) return at
  }
  return null
}

const previousInWalk = (index: RunIndex, at: number): number | null => {
  const before = index.beforeInWalk(at)
  return before !== null && index.steps[before]?.job === index.steps[at]?.job ? before : null
}

/** Background jobs that ended by a failing node, but the one that was told. */
function jobLinks(telling: Telling, told: number | null): ChainLink[] {
  const { index } = telling
  const failed = index.jobs().flatMap((job) => {
    const at = index.lastOfWalk(job)
    const step = at === undefined ? undefined : index.steps[at]
    return at !== undefined && at !== told && step && step.moduleType !== 'logic' && !step.success ? [at] : []
  })
  const shown = failed.slice(0, shownFailures)
  const links = shown.flatMap((at) => {
    const job = index.steps[at]?.job ?? ''
    const how = index.steps[at]?.moduleId === 'stop-execution' ? 'stopped' : 'failed'
    const lead = `; background branch ${job} ${how === 'stopped' ? 'was stopped by' : 'failed at'} `
    return [nodeLink(telling, at, lead, { kind: 'ended', how }), ...wayTo(telling, at)]
  })
  const more = failed.length - shown.length
  return more > 0
    ? [...links, word(`; ${plural(more, 'more background branch', 'more background branches')} failed`)]
    : links
}

/** The node that PHP did not survive has no step: it ran behind the last one. */
function abortedLinks(telling: Telling): ChainLink[] {
  const { fold, index } = telling
  const throwable = fold.finished?.throwable
  const hint = throwable?.hint === undefined ? '' : `. ${withoutEnd(throwable.hint)}`
  const text = throwable ? ` (${throwable.class}: ${withoutEnd(throwable.message)}${hint})` : ''
  const nodeId = throwable?.nodeId ?? null
  if (nodeId === null) return [word(`Aborted${text}`)]
  return [
    ...unfinishedNode(telling, nodeId, 'Aborted by ', 'threw'),
    word(text),
    ...wayToUnfinished(index, telling, nodeId)
  ]
}

function unfinishedNode(telling: Telling, nodeId: number, lead: string, how: 'threw' | 'unknown'): ChainLink[] {
  const last = telling.index.lastOfWalk(null)
  const step = last === undefined ? undefined : telling.index.steps[last]
  if (last !== undefined && step?.nodeId === nodeId) return [nodeLink(telling, last, lead, { kind: 'ended', how })]
  const at: ChainPlace = { step: null, nodeId, which: 'summary', path: [] }
  return [{ lead, text: nameOf(telling, nodeId), claim: { kind: 'ended', how }, at }]
}

function wayToUnfinished(index: RunIndex, telling: Telling, nodeId: number): ChainLink[] {
  const last = index.lastOfWalk(null)
  if (last !== undefined && index.steps[last]?.nodeId === nodeId) return wayTo(telling, last)
  const source = index.sourceOf(nodeId, null, index.steps.length)
  if (source === null) return []
  const step = index.steps[source] as RunStep
  const own = isCondition(telling, step) ? conditionLinks(telling, source, ', because ') : []
  if (own.length === 0) return wayTo(telling, source)
  return [...own, ...wayTo(telling, source, beforeThat)]
}

function cannotTellLinks(telling: Telling): ChainLink[] {
  const { fold, index } = telling
  const text = withoutEnd(fold.finished?.outcomeText ?? '')
  const nodeId = fold.endedAt
  if (nodeId !== null) {
    const node = unfinishedNode(telling, nodeId, 'Cannot tell what happens from ', 'unknown')
    return [...node, word(text === '' ? '' : ` on: ${text}`), ...wayToUnfinished(index, telling, nodeId)]
  }
  return [word(text === '' ? 'Cannot tell how it ended' : `Cannot tell: ${text}`)]
}

function passedLinks(telling: Telling): ChainLink[] {
  const { fold, index } = telling
  const isBlocking = fold.started?.pathType === 'blocking'
  const begin = isBlocking ? 'Passed: ' : 'Finished: '
  const blockers = [...index.graph.values()]
    .filter(({ moduleType, moduleId }) => moduleType === 'action' && stops(telling, moduleId))
    .filter(({ nodeId }) => index.lastOfNode(nodeId) === undefined)
    .sort((a, b) => Number(b.moduleId === 'stop-execution') - Number(a.moduleId === 'stop-execution'))
  const links: ChainLink[] = []
  for (const { nodeId } of blockers.slice(0, 2)) {
    const why = telling.missed.get(nodeId)
    if (why && why.cause !== 'unconnected')
      append(links, unreachedLinks(telling, [nodeId], why, links.length === 0 ? begin : '; '))
  }
  if (blockers.length > 2)
    links.push(word(`; ${plural(blockers.length - 2, 'more node')} that would stop it did not run`))
  if (links.length === 0) append(links, [word(begin), ...noBlocker(telling)])
  return [...links, ...failureLinks(telling), ...jobLinks(telling, null)]
}

const stops = ({ fold }: Telling, moduleId: string): boolean =>
  modulesOf(fold.profile).definition('action', moduleId)?.blocking === true

/** Nothing that could have stopped it was left out: how far it came. */
function noBlocker(telling: Telling): ChainLink[] {
  const { fold, index } = telling
  const last = index.lastOfWalk(null)
  const step = last === undefined ? undefined : fold.steps[last]
  if (last === undefined || !step) return [word('no node ran')]
  const said =
    fold.steps.length === 1
      ? 'the one node that ran did not stop it'
      : `none of the ${plural(fold.steps.length, 'step')} stopped it`
  if (!isCondition(telling, step)) return [word(said)]
  const lead = `${said}; the last one was `
  return conditionLinks(telling, last, lead, ', which was')
}

/** Nodes that failed and did not stop the run. */
function failureLinks(telling: Telling): ChainLink[] {
  const failed = telling.fold.steps.flatMap((step, at) =>
    step.job === null && step.moduleType !== 'logic' && !step.success ? [at] : []
  )
  const shown = failed.slice(0, shownFailures)
  const links = shown.map((at, i) => nodeLink(telling, at, i === 0 ? ', although ' : ' and ', { kind: 'failed' }))
  if (links.length === 0) return []
  const more = failed.length > shown.length ? ` and ${plural(failed.length - shown.length, 'more node')}` : ''
  const skipped = skippedBehind(telling)
  const so =
    skipped === 0
      ? ''
      : `; ${plural(skipped, 'node')} behind ${failed.length > 1 ? 'them' : 'it'} ${skipped > 1 ? 'were' : 'was'} skipped`
  return [...links, word(`${more} failed, which does not stop a workflow here${so}`)]
}
