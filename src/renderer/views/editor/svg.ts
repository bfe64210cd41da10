// A picture of the graph that stands alone: no style sheet, no fonts of ours.
import { largest, smallest } from '../../../contract/lists.ts'
import type { Json } from '../../../contract/json.ts'
import { drawingOf } from '../../components/workflow-graph/graph-model.ts'
import type { GraphNode } from '../../components/workflow-graph/graph-model.ts'
import { workflowGraph } from '../../../engine/graph/document.ts'
import { framesOf, nodeInfo, outputLabel } from '../../stores/editor-model.ts'

const width = 232
const height = 64
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const clip = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text)
const colours: Readonly<Record<string, string>> = { trigger: '#4f46e5', logic: '#0e7490', action: '#667080' }

const outputY = (node: GraphNode, output: string): number => {
  const at = Math.max(node.outputs.indexOf(output), 0)
  return node.y + ((at + 1) / (node.outputs.length + 1)) * height
}

export function svgOf(document: Json): { readonly text: string; readonly width: number; readonly height: number } {
  const graph = workflowGraph(document)
  const { nodes, edges } = drawingOf(graph as Json)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const margin = 48
  const left =
    smallest(
      nodes.map(({ x }) => x),
      0
    ) - margin
  const top =
    smallest(
      nodes.map(({ y }) => y),
      0
    ) - margin
  const box = {
    width:
      largest(
        nodes.map(({ x }) => x + width),
        width
      ) +
      margin -
      left,
    height:
      largest(
        nodes.map(({ y }) => y + height),
        height
      ) +
      margin -
      top
  }
  const frames = framesOf(graph).flatMap(({ title, nodes: keys }) => {
    const inside = nodes.filter(({ id }) => keys.includes(id))
    if (inside.length === 0) return []
    const x = smallest(inside.map((node) => node.x)) - 18
    const y = smallest(inside.map((node) => node.y)) - 30
    const right = largest(inside.map((node) => node.x)) + width + 18
    const bottom = largest(inside.map((node) => node.y)) + height + 18
    return [
      `<rect x="${x}" y="${y}" width="${right - x}" height="${bottom - y}" rx="8" fill="#f7f8fa" stroke="#c8cdd6" stroke-dasharray="5 4"/>`,
      `<text x="${x + 10}" y="${y + 18}" font-size="12" font-weight="600" fill="#4e5665">${escape(title)}</text>`
    ]
  })
  const lines = edges.flatMap(({ source, output, target, labels }) => {
    const [from, to] = [byId.get(source), byId.get(target)]
    if (!from || !to) return []
    const [x1, y1, x2, y2] = [from.x + width, outputY(from, output), to.x, to.y + height / 2]
    const bend = Math.max(40, Math.abs(x2 - x1) / 2)
    const text = [from.outputs.length > 1 ? outputLabel(from.outputs, output) : '', ...labels]
      .filter(Boolean)
      .join(' · ')
    return [
      `<path d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" fill="none" stroke="#667080" stroke-width="1.5" marker-end="url(#arrow)"/>`,
      ...(text
        ? [
            `<text x="${(x1 + x2) / 2}" y="${(y1 + y2) / 2 - 5}" font-size="11" text-anchor="middle" fill="#4e5665">${escape(text)}</text>`
          ]
        : [])
    ]
  })
  const boxes = nodes.flatMap((node) => [
    `<rect x="${node.x}" y="${node.y}" width="${width}" height="${height}" rx="6" fill="#ffffff" stroke="#c8cdd6"/>`,
    `<rect x="${node.x}" y="${node.y}" width="5" height="${height}" rx="2" fill="${colours[node.moduleType] ?? '#667080'}"/>`,
    `<text x="${node.x + 16}" y="${node.y + 27}" font-size="13" font-weight="600" fill="#1c212b">${escape(clip(nodeInfo(graph, node.id)?.title ?? node.name, 30))}</text>`,
    `<text x="${node.x + 16}" y="${node.y + 46}" font-size="11" fill="#667080" font-family="monospace">${escape(clip(`${node.moduleId} · ${node.nodeId}`, 32))}</text>`
  ])
  const text = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${box.width}" height="${box.height}" viewBox="${left} ${top} ${box.width} ${box.height}" font-family="system-ui, sans-serif">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#667080"/></marker></defs>',
    `<rect x="${left}" y="${top}" width="${box.width}" height="${box.height}" fill="#ffffff"/>`,
    ...frames,
    ...lines,
    ...boxes,
    '</svg>'
  ].join('\n')
  return { text, ...box }
}
