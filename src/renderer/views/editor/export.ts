// The graph on its way out: MISP's JSON, mermaid, DOT, SVG, PNG.
import { plainText, type Json } from '../../../contract/json.ts'
import { writePreserving } from '../../../engine/format/preserve-text.ts'
import { dot } from '../../../engine/graph/dot.ts'
import { mermaid } from '../../../engine/graph/mermaid.ts'
import { client } from '../../client/client.ts'
import { download } from '../../client/download.ts'
import { showFailure } from '../../stores/app.ts'
import { modulesNow } from '../../stores/added-modules.ts'
import type { Editor } from '../../stores/editor.ts'
import { workflowGraph, workflowRow } from '../../../engine/graph/document.ts'
import { svgOf } from './svg.ts'

const nameOf = (document: Json, workflowId: string): string => {
  const name = workflowRow(document)?.name
  const text = typeof name === 'string' && name !== '' ? name : workflowId
  return (
    text
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^-|-$/g, '') || 'workflow'
  )
}

export const formats = ['json', 'mermaid', 'dot', 'svg', 'png'] as const
export type Format = (typeof formats)[number]
export const formatLabels: Readonly<Record<Format, string>> = {
  json: 'MISP workflow (JSON)',
  mermaid: 'Mermaid flowchart',
  dot: 'Graphviz DOT',
  svg: 'Picture (SVG)',
  png: 'Picture (PNG)'
}

/** What is on the canvas as MISP imports it; what nobody changed stands as it came, to the byte. */
async function exportText(editor: Editor): Promise<string | null> {
  const { workflowId, document, saved } = editor.getState()
  const answer = await client.call('workflows.export', { workflowId })
  if (!answer.ok) return (showFailure(answer.error), null)
  return document === saved ? answer.data.text : writePreserving(answer.data.text, document)
}

export async function exportAs(editor: Editor, format: Format): Promise<void> {
  const { document, workflowId } = editor.getState()
  const name = nameOf(document, workflowId)
  const graph = workflowGraph(document)
  switch (format) {
    case 'json': {
      const text = await exportText(editor)
      if (text !== null) download(`${name}.json`, text, 'application/json')
      return
    }
    case 'mermaid':
      return download(`${name}.mmd`, mermaid(graph, modulesNow().find))
    case 'dot':
      return download(`${name}.dot`, dot(graph, plainText(workflowRow(document)?.name ?? '')))
    case 'svg':
      return download(`${name}.svg`, svgOf(document).text, 'image/svg+xml')
    case 'png':
      return download(`${name}.png`, await png(document))
  }
}

/** Twice as large as on the screen, as far as a canvas goes. */
async function png(document_: Json): Promise<Blob> {
  const { text, width, height } = svgOf(document_)
  const scale = Math.min(2, 12_000 / Math.max(width, height))
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width * scale)
  canvas.height = Math.ceil(height * scale)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be rendered'))),
      'image/png'
    )
  )
}
