// Graphviz DOT of a workflow. Unlike MISP's export it keeps the outputs apart, shows what a node does not reach, and quotes names.
import type { RawGraph } from '../../contract/workflow.ts'
import { connectionsOf, field, moduleOf, nodesOf } from './nodes.ts'

const quote = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replace(/\r?\n/g, '\\n')}"`

const shapes: { readonly [type: string]: string } = { trigger: 'diamond', logic: 'parallelogram', action: 'box' }

/** What an output means: `then` and `else` for modules with two outputs, nothing for the others. */
const outputLabel = (output: string, outputs: number): string =>
  outputs < 2 ? '' : output === 'output_1' ? 'then' : output === 'output_2' ? 'else' : output

/** @param title the graph's name, shown above it */
export function dot(graph: RawGraph, title = ''): string {
  const lines = ['digraph workflow {', '  rankdir=LR;', '  node [fontname="sans-serif"];']
  if (title !== '') lines.push(`  label=${quote(title)};`, '  labelloc=t;')
  const edges: string[] = []
  for (const { key, node } of nodesOf(graph)) {
    const { type, id } = moduleOf(node)
    const name = field(node, 'name')
    const label = `${typeof name === 'string' && name !== '' ? name : id} (${key})`
    const shape = Object.hasOwn(shapes, type) ? shapes[type] : 'ellipse'
    lines.push(`  ${quote(String(key))} [shape=${shape}, label=${quote(label)}];`)
    const connections = connectionsOf(node)
    const outputs = Object.keys((field(node, 'outputs') ?? {}) as object).length
    for (const { output, target } of connections) {
      const text = outputLabel(output, outputs)
      edges.push(`  ${quote(String(key))} -> ${quote(String(target))}${text === '' ? '' : ` [label=${quote(text)}]`};`)
    }
  }
  return [...lines, ...edges, '}', ''].join('\n')
}
