// What changed between two versions of a workflow, in words and for the drawing.
import { plainText, type Json, type JsonMap } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { linksOf } from './edit-links.ts'
import type { Link } from './edit.ts'
import { dataOf, field, moduleOf, nodeAt, nodesOf, phpKey } from './nodes.ts'
import { entries, isMap } from '../php/values.ts'

export interface WorkflowChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved' | 'connected' | 'disconnected' | 'workflow' | 'frame'
  /** The node it is about; null for the workflow itself. */
  readonly key: string | null
  readonly link: Link | null
  readonly text: string
}

const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const left = Object.entries(a)
  if (Array.isArray(a) !== Array.isArray(b) && left.length + Object.keys(b).length > 0) return false
  return (
    left.length === Object.keys(b).length &&
    left.every(([key, value]) => Object.hasOwn(b, key) && sameJson(value as Json, (b as JsonMap)[key]))
  )
}

const shown = (value: Json | undefined): string => {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? `“${value}”` : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

const titleOf = (node: Json | undefined, key: string): string => {
  const name = field(node, 'name')
  return `${typeof name === 'string' && name !== '' ? name : moduleOf(node).id} (${key})`
}

const mapOf = (value: Json | undefined): JsonMap => (isMap(value) ? value : {})

/** Differing entries of two maps, as `name: from → to`. */
function entriesChanged(before: Json | undefined, after: Json | undefined): string[] {
  const [a, b] = [mapOf(before), mapOf(after)]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => !sameJson(a[name], b[name]))
    .map((name) => `${name}: ${shown(a[name])} → ${shown(b[name])}`)
}

function nodeChanges(key: string, before: Json, after: Json): WorkflowChange[] {
  if (sameJson(before, after)) return []
  const found: WorkflowChange[] = []
  const title = titleOf(after, key)
  const say = (text: string, kind: WorkflowChange['kind'] = 'changed'): void =>
    void found.push({ kind, key, link: null, text })
  if (field(before, 'name') !== field(after, 'name')) say(`${title}: name, was ${shown(field(before, 'name'))}`)
  for (const text of entriesChanged(dataOf(before, 'indexed_params'), dataOf(after, 'indexed_params')))
    say(`${title}: ${text}`)
  for (const text of entriesChanged(dataOf(before, 'saved_filters'), dataOf(after, 'saved_filters')))
    say(`${title}: node filter ${text}`)
  const known = new Set(['indexed_params', 'saved_filters', 'id', 'node_uid'])
  const rest = (node: Json): JsonMap =>
    Object.fromEntries(Object.entries(mapOf(field(node, 'data'))).filter(([name]) => !known.has(name)))
  for (const text of entriesChanged(rest(before), rest(after))) say(`${title}: ${text}`)
  const place = (node: Json): string => `${shown(field(node, 'pos_x'))}, ${shown(field(node, 'pos_y'))}`
  if (place(before) !== place(after)) say(`${title}: moved`, 'moved')
  return found
}

const linkKey = ({ from, output, to }: Link): string => `${from}:${output}:${to}`

function linkChanges(before: RawGraph, after: RawGraph): WorkflowChange[] {
  const [was, is] = [linksOf(before), linksOf(after)]
  const wasKeys = new Set(was.map(linkKey))
  const isKeys = new Set(is.map(linkKey))
  const say = (graph: RawGraph, link: Link, kind: 'connected' | 'disconnected'): WorkflowChange => {
    const end = (key: string): string => titleOf(nodeAt(graph, phpKey(key)), key)
    const output = link.output === 'output_1' ? '' : ` ${link.output}`
    const text =
      kind === 'connected'
        ? `Connected: ${end(link.from)}${output} → ${end(link.to)}`
        : `Disconnected: ${end(link.from)}${output} → ${end(link.to)}`
    return { kind, key: link.from, link, text }
  }
  return [
    ...was.filter((link) => !isKeys.has(linkKey(link))).map((link) => say(before, link, 'disconnected')),
    ...is.filter((link) => !wasKeys.has(linkKey(link))).map((link) => say(after, link, 'connected'))
  ]
}

const graphIn = (workflow: Json): RawGraph => {
  const inner = workflowIn(workflow)
  const data = field(inner, 'data') ?? inner
  return (typeof data === 'object' && data !== null ? data : {}) as RawGraph
}

const workflowIn = (workflow: Json): Json =>
  field(workflow, 'Workflow') ?? field(workflow, 'WorkflowBlueprint') ?? workflow

/** In order: the workflow itself, nodes removed, added, changed, connections, frames, moves. */
export function diffWorkflows(before: Json, after: Json): readonly WorkflowChange[] {
  const [a, b] = [graphIn(before), graphIn(after)]
  const meta = (workflow: Json): JsonMap => {
    const inner = workflowIn(workflow)
    return field(inner, 'data') === undefined
      ? {}
      : Object.fromEntries(Object.entries(mapOf(inner)).filter(([name]) => name !== 'data'))
  }
  const was = new Map(nodesOf(a).map(({ key, node }) => [String(key), node]))
  const is = new Map(nodesOf(b).map(({ key, node }) => [String(key), node]))
  // Another module under the same id is another node.
  const same = (key: string): boolean => {
    const [before, after] = [was.get(key), is.get(key)]
    return before !== undefined && after !== undefined && moduleOf(before).id === moduleOf(after).id
  }
  const changed = [...is].flatMap(([key, node]) => {
    const old = was.get(key)
    return old === undefined || !same(key) ? [] : nodeChanges(key, old, node)
  })
  const frames = (graph: RawGraph): Json | undefined => (Array.isArray(graph) ? undefined : (graph as JsonMap)._frames)
  const frameOf = (graph: RawGraph): JsonMap =>
    Object.fromEntries(
      entries(frames(graph)).map(([id, frame]) => [
        plainText(field(frame, 'text') ?? id),
        field(frame, 'nodes') ?? null
      ])
    )
  const node =
    (kind: 'added' | 'removed') =>
    ([key, value]: [string, Json]): WorkflowChange => ({
      kind,
      key,
      link: null,
      text: `${kind === 'added' ? 'Added' : 'Removed'}: ${titleOf(value, key)}`
    })
  return [
    ...entriesChanged(meta(before), meta(after)).map((text): WorkflowChange => ({
      kind: 'workflow',
      key: null,
      link: null,
      text: `Workflow: ${text}`
    })),
    ...[...was].filter(([key]) => !same(key)).map(node('removed')),
    ...[...is].filter(([key]) => !same(key)).map(node('added')),
    ...changed.filter(({ kind }) => kind !== 'moved'),
    ...linkChanges(a, b),
    ...entriesChanged(frameOf(a), frameOf(b)).map((text): WorkflowChange => ({
      kind: 'frame',
      key: null,
      link: null,
      text: `Frame ${text}`
    })),
    ...changed.filter(({ kind }) => kind === 'moved')
  ]
}
