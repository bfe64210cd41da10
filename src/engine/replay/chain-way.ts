// The parts that chains are made of: a node, the conditions that led to it, what decided each and who wrote that.
import { append } from '../../contract/lists.ts'
import type { BlameEntry, ChainClaim, ChainLink, ChainPlace } from '../../contract/chain.ts'
import type { Json } from '../../contract/json.ts'
import type { RunStep } from '../../contract/run-views.ts'
import { plural } from '../../contract/words.ts'
import { modulesOf } from '../modules/table.ts'
import { blame } from './blame.ts'
import { decisionOf, isWanted, placesOf } from './decision.ts'
import type { Decision, Sought } from './decision.ts'
import type { RunFold } from './fold.ts'
import { notReached } from './not-reached.ts'
import type { NotReached } from './not-reached.ts'
import { RunIndex } from './run-index.ts'

/** Conditions that are told of one way. */
const shownConditions = 3
/** What a condition before another one begins with. */
export const beforeThat = '; and before that because '
/** Changes of the data that are looked through for who removed something. */
const mostChanges = 64
/** Copies of copies that are told. */
const mostHops = 3

export interface Telling {
  readonly fold: RunFold
  readonly index: RunIndex
  /** Nodes that were not executed, and why. */
  readonly missed: ReadonlyMap<number, NotReached>
}

export function tellingOf(fold: RunFold, workflow: Json): Telling {
  const index = new RunIndex(fold.steps, workflow)
  const { started, finished } = fold
  let missed: Telling['missed'] | undefined
  return {
    fold,
    index,
    get missed() {
      return (missed ??= notReached(index, {
        isBlocking: started?.pathType === 'blocking',
        endedAt: unfinishedNode(fold, index),
        blockedPaths: finished?.walk?.blocked_paths ?? []
      }))
    }
  }
}

/** The node that a run ended at without a step of it. */
function unfinishedNode({ finished, endedAt }: RunFold, { lastOfNode }: RunIndex): number | null {
  const nodeId = finished?.throwable?.nodeId ?? endedAt
  return nodeId !== null && lastOfNode(nodeId) === undefined ? nodeId : null
}

export const word = (text: string): ChainLink => ({ lead: text, text: '', claim: { kind: 'text' }, at: null })

/** Nodes of one name are told apart by their numbers. */
export function nameOf(telling: Telling, nodeId: number | null, step?: RunStep): string {
  const { name, isAmong } = namedNode(telling, nodeId, step)
  return nodeId !== null && isAmong ? `${name} (node ${nodeId})` : name
}

/** With its number also where no other node has its name. */
export const numberedNameOf = (telling: Telling, step: RunStep): string =>
  `${namedNode(telling, step.nodeId, step).name} (node ${step.nodeId})`

function namedNode({ index, fold }: Telling, nodeId: number | null, step?: RunStep) {
  const known = nodeId === null ? undefined : index.graph.get(nodeId)
  const { moduleId = '', moduleType = '' } = step ?? known ?? {}
  const found = step?.name || known?.name || moduleId || (nodeId === null ? 'a node' : `node ${nodeId}`)
  // Nodes are often named by their module's id.
  const name = found === moduleId ? (modulesOf(fold.profile).definition(moduleType, found)?.name ?? found) : found
  return { name, isAmong: index.isNamedAgain(found) }
}

export function nodeLink(telling: Telling, position: number, lead: string, claim: ChainClaim): ChainLink {
  const step = telling.fold.steps[position]!
  const at: ChainPlace = { step: step.step, nodeId: step.nodeId, which: 'summary', path: [] }
  return { lead, text: nameOf(telling, step.nodeId, step), claim, at }
}

/** The conditions that led to a step, nearest first, with what decided each. `first`: what the nearest begins with. */
export function wayTo(telling: Telling, position: number, first = ', because '): ChainLink[] {
  const { index } = telling
  const links: ChainLink[] = []
  let conditions = 0
  let more = 0
  for (let at = index.parentOf(position); at !== null; at = index.parentOf(at)) {
    const step = index.steps[at] as RunStep
    if (step.moduleId === 'concurrent-task') {
      if (conditions <= shownConditions) links.push(jobLink(telling, at, position))
    } else if (isCondition(telling, step)) {
      conditions++
      if (conditions > shownConditions) more++
      else append(links, conditionLinks(telling, at, conditions === 1 ? first : beforeThat))
    }
  }
  if (more > 0) links.push(word(`; and ${plural(more, 'more condition')} before that`))
  return links
}

function jobLink(telling: Telling, at: number, position: number): ChainLink {
  const job = telling.index.steps[position]?.job ?? ''
  return nodeLink(telling, at, ', in a background job of ', { kind: 'job', job })
}

export function isCondition({ fold }: Telling, { moduleType, moduleId, branch }: RunStep): boolean {
  if (moduleType !== 'logic' || branch === null || branch === 'none') return false
  return modulesOf(fold.profile).facts('logic', moduleId)?.branches !== 'always'
}

/** ", because IF :: Tag was true, because `tlp:red` is on …, which came with the input". */
export function conditionLinks(telling: Telling, position: number, lead: string, verb = ' was'): ChainLink[] {
  const { fold } = telling
  const step = fold.steps[position]!
  const branch = step.branch === 'output_1' ? 'output_1' : 'output_2'
  const node = nodeLink(telling, position, lead, { kind: 'branch', branch })
  const decision = decisionOf(fold, position)
  const was = `${verb} ${branch === 'output_1' ? 'true' : 'false'}`
  if (decision === null) return [node, word(was)]
  const [first, ...others] = decision.links
  if (first === undefined) return [node, word(was)]
  return [
    node,
    { ...first, lead: `${was}, because ${first.lead}` },
    ...others,
    ...originLinks(telling, position, decision)
  ]
}

/** Who wrote the values that decided, each once. */
function originLinks(telling: Telling, position: number, { values, missing }: Decision): ChainLink[] {
  const { fold, index } = telling
  if (missing !== null) return removedLinks(telling, position, missing)
  const links: ChainLink[] = []
  const seen = new Set<number>()
  for (const path of values) {
    const [entry] = blame(fold, index, path, { at: position, limit: 1 })
    if (entry === undefined || seen.has(entry.step)) continue
    seen.add(entry.step)
    const lead = links.length === 0 ? ', ' : ' and '
    append(links, entry.step === 0 ? [cameLink(entry, `${lead}which came with `)] : writtenLinks(telling, entry, lead))
  }
  return links
}

function cameLink({ path }: BlameEntry, lead: string): ChainLink {
  const at: ChainPlace = { step: 0, nodeId: null, which: 'normalized', path }
  return { lead, text: 'the input', claim: { kind: 'came' }, at }
}

/** Who wrote a value, out of what, and who had written that. */
function writtenLinks(telling: Telling, written: BlameEntry, begin: string): ChainLink[] {
  const { fold, index } = telling
  const links: ChainLink[] = []
  let [entry, lead] = [written, begin]
  for (let hops = 0; hops <= mostHops; hops++) {
    if (entry.step === 0) return [...links, cameLink(entry, ', which came with ')]
    const { op, step, path, source } = entry
    const writer = fold.steps[step - 1]!
    if (entry.between) return [...links, betweenLink(telling, entry, lead)]
    const at: ChainPlace = { step, nodeId: writer.nodeId, which: op === 'removed' ? 'input' : 'output', path }
    const text = nameOf(telling, writer.nodeId, writer)
    links.push({ lead: `${lead}${op} by `, text, claim: { kind: 'wrote', op }, at })
    const from = fromText(entry)
    if (from !== '') links.push(word(from))
    const [next] = source ? blame(fold, index, source, { at: step - 1, input: true, limit: 1 }) : []
    if (next === undefined) return links
    ;[entry, lead] = [next, ', which was ']
  }
  return links
}

/** What no node wrote. */
function betweenLink(telling: Telling, { between, op, step, path }: BlameEntry, begin: string): ChainLink {
  const { nodeId, ...writer } = telling.fold.steps[step - 1]!
  // What a module gets that is run on its own is its step's input: there is nothing before it.
  if (telling.fold.started?.triggerId === '' && between !== 'edit')
    return {
      ...{ lead: `${begin}which came with `, text: 'the input', claim: { kind: 'came' } },
      at: { step, nodeId, which: 'input', path }
    }
  const lead = between === 'edit' ? `${begin}${op} by an edit before ` : `${begin}${op} in what is not known before `
  const at: ChainPlace = { step, nodeId, which: op === 'removed' ? 'summary' : 'input', path }
  return { lead, text: nameOf(telling, nodeId, { nodeId, ...writer }), claim: { kind: 'text' }, at }
}

function fromText({ from, source }: BlameEntry): string {
  if (from === null) return ''
  if (from.startsWith('one of ') && !source) return ` from ${from}`
  if (from.includes('answer') && !source) return ` from its ${from.replace(/^the /, '')}`
  if (!from.startsWith('parameter ')) return ` from \`${from}\``
  return ` from its ${from}${source ? `, a template of \`${source.join('.')}\`` : ''}`
}

/** A step before that had what was sought in its input and not in its output. */
function removedLinks(telling: Telling, position: number, { hashPath, wanted }: Sought): ChainLink[] {
  const { fold, index } = telling
  if (wanted.length === 0) return []
  let looked = 0
  for (let at = index.beforeInWalk(position); at !== null && looked < mostChanges; at = index.beforeInWalk(at)) {
    const step = fold.steps[at]!
    const { input, output } = fold.data[at]!
    if (input === output || !step.changed) continue
    looked++
    const had = placesOf(input, hashPath, true).find(({ value }) => isWanted(value, wanted))
    if (had === undefined || placesOf(output, hashPath, true).some(({ value }) => isWanted(value, wanted))) continue
    const place: ChainPlace = { step: step.step, nodeId: step.nodeId, which: 'input', path: had.path }
    const text = nameOf(telling, step.nodeId, step)
    return [{ lead: ', after it was removed by ', text, claim: { kind: 'wrote', op: 'removed' }, at: place }]
  }
  return []
}
