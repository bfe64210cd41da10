// MISP's mermaid flowchart of a workflow (MermaidFlowchartTool): one line per connection, nodes without any are not shown.
import type { Json } from '../../contract/json.ts'
import type { RawGraph } from '../../contract/workflow.ts'
import { field, dataOf, moduleOf, nodesOf, phpKey } from './nodes.ts'
import { isEmpty } from '../php/values.ts'
import type { PhpKey } from './nodes.ts'
import { buildEdgeList } from './validate.ts'
import type { ModuleLookup } from '../modules/table.ts'

/** Icons of MISP's modules and of well-known services that Font Awesome keeps among its brands; all others are solid ones. */
const brands = new Set(
  'python slack telegram github gitlab docker aws microsoft windows linux google twitter mastodon discord jira trello dropbox'.split(
    ' '
  )
)

const shapes: { readonly [type: string]: readonly [open: string, close: string] } = {
  trigger: ['{{', '}}'],
  logic: ['[/', '/]'],
  action: ['[', ']']
}

function drawNode(node: Json, lookup: ModuleLookup): string {
  const { type, id } = moduleOf(node)
  const saved = field(dataOf(node, 'module_data'), 'icon')
  const icon = typeof saved === 'string' ? saved : (lookup(type, id)?.icon ?? '')
  const prefix = icon === '' ? '' : `${brands.has(icon) ? 'fab' : 'fas'}:fa-${icon}  `
  const name = field(node, 'name')
  const [open, close] = (Object.hasOwn(shapes, type) ? shapes[type] : undefined) ?? ['[', ']']
  return `${String(field(node, 'id'))}${open}"${prefix}${typeof name === 'string' ? name : ''}"${close}`
}

/** @param lookup where icons come from when the nodes carry none */
export function mermaid(graph: RawGraph, lookup: ModuleLookup): string {
  const nodes = new Map<PhpKey, Json>()
  for (const { node } of nodesOf(graph)) nodes.set(phpKey(field(node, 'id')), node)
  const edges = buildEdgeList(graph)
  const lines: string[] = []
  for (const [id, node] of nodes)
    for (const target of edges.get(id) ?? []) {
      const next = nodes.get(target)
      if (next !== undefined && !isEmpty(next))
        lines.push(`    ${drawNode(node, lookup)} --> ${drawNode(next, lookup)}\n`)
    }
  return `flowchart LR\n${lines.join('')}`
}
