// How many nodes a workflow's text holds, told before it is parsed: parsing what is refused anyway takes seconds and gigabytes.
import { CodedError } from '../../contract/errors.ts'
import type { Json } from '../../contract/json.ts'
import { count, entries, isArray, isList } from '../php/values.ts'

/** Nodes of one workflow. MISP has no limit; its editor is unusable long before. */
export const maxNodes = 10_000

/** Bytes of one workflow's text. Of MISP's own the largest have some hundred thousand. */
export const maxWorkflowBytes = 16 * 1024 * 1024

/**
 * What a list or map of the text is: a graph; a row with its graph in `data`; what holds rows by the names of MISP's models; `any`, which
 * is a graph, a row or a holder; a file of a workspace.
 */
export type TextOf = 'file' | 'any' | 'holder' | 'row' | 'graph' | 'other'

function childOf(parent: TextOf, key: string | null): TextOf {
  if (parent === 'file') return key === 'workflow' ? 'any' : key === 'blueprint' ? 'row' : 'other'
  if ((parent === 'any' || parent === 'holder') && key === null) return 'holder'
  if ((parent === 'any' || parent === 'holder') && (key === 'Workflow' || key === 'WorkflowBlueprint')) return 'row'
  return (parent === 'any' || parent === 'row') && key === 'data' ? 'graph' : 'other'
}

/** Levels above which there is no graph. */
const tracked = 6

/** Whether a graph in the text has more nodes than the limit. Bytes read as Latin-1 will do: only ASCII is looked at. */
export function hasManyNodes(text: string, root: TextOf): boolean {
  const roles: TextOf[] = []
  const counts: number[] = []
  const isMap: boolean[] = []
  let depth = 0
  let key: string | null = null
  let isKeyNext = false
  /** Of a value that begins: whether it is one too many. */
  const isTooMany = (isContainer: boolean): boolean => {
    const role = depth <= tracked ? roles[depth - 1] : undefined
    if (!(role === 'graph' || (role === 'any' && isContainer)) || key === '_frames') return false
    counts[depth - 1]!++
    return counts[depth - 1]! > maxNodes
  }
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x22) {
      const end = endOfString(text, at)
      if (end < 0) return false
      if (!isKeyNext) {
        if (isTooMany(false)) return true
      } else if (depth <= tracked && end - at < 128) key = keyOf(text.slice(at, end + 1))
      else key = ''
      isKeyNext = false
      at = end
    } else if (unit === 0x7b || unit === 0x5b) {
      if (depth > 0 && isTooMany(true)) return true
      if (depth < tracked) {
        roles[depth] = depth === 0 ? root : childOf(roles[depth - 1]!, key)
        counts[depth] = 0
        isMap[depth] = unit === 0x7b
      }
      depth++
      key = null
      isKeyNext = unit === 0x7b
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--
      if (depth <= 0) return false
      isKeyNext = false
    } else if (unit === 0x2c) {
      isKeyNext = depth <= tracked && isMap[depth - 1] === true
      if (!isKeyNext) key = null
    } else if (isScalar(unit) && !isScalar(text.charCodeAt(at - 1)) && isTooMany(false)) return true
  }
  return false
}

/** A sign of a number or a word. */
const isScalar = (unit: number): boolean =>
  (unit >= 0x30 && unit <= 0x39) ||
  (unit >= 0x61 && unit <= 0x7a) ||
  unit === 0x2d ||
  unit === 0x2b ||
  unit === 0x2e ||
  unit === 0x45

function endOfString(text: string, begin: number): number {
  let end = text.indexOf('"', begin + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
  return slashes % 2 === 1
}

function keyOf(written: string): string {
  if (!written.includes('\\')) return written.slice(1, -1)
  try {
    return String(JSON.parse(written))
  } catch {
    return ''
  }
}

/** As hasManyNodes, of what was parsed elsewhere. */
function holdsManyNodes(value: Json, role: TextOf): boolean {
  if (role === 'other' || !isArray(value))
    return typeof value === 'string' && role === 'graph' && hasManyNodes(value, role)
  if (role === 'graph') return count(value) > maxNodes
  if (role === 'any' && count(value) > maxNodes) return true
  return entries(value).some(([key, item]) => holdsManyNodes(item, childOf(role, isList(value) ? null : key)))
}

/** Throws WORKFLOW_TOO_LARGE. `workflow`: text or value; `name`: the input's name in the message. */
export function refuseManyNodes(
  workflow: { readonly text: string } | { readonly value: Json },
  root: TextOf,
  name: string
): void {
  if ('text' in workflow ? hasManyNodes(workflow.text, root) : holdsManyNodes(workflow.value, root))
    throw new CodedError('WORKFLOW_TOO_LARGE', `${name}: more than ${maxNodes} nodes, which is the limit.`, {
      file: name
    })
}

/** Throws WORKFLOW_TOO_LARGE. */
export function refuseLongWorkflow(bytes: number, name: string): void {
  if (bytes <= maxWorkflowBytes) return
  const limit = `${maxWorkflowBytes / 1024 ** 2} MB`
  throw new CodedError('WORKFLOW_TOO_LARGE', `${name}: larger than ${limit}, which is the limit of a workflow.`, {
    file: name
  })
}
