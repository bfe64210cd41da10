// The lines that a local run wrote to MISP's workflow-execution.log, with their steps. Read from the run's file without its data.
import { basename } from 'node:path'
import { z } from 'zod'
import type { LogLine } from '../../contract/workspace.ts'
import type { Json, JsonMap } from '../../contract/json.ts'
import { SecretTexts } from '../../contract/secret-texts.ts'
import { hideTexts, secretsOfParams } from '../../contract/secrets.ts'
import { isMap } from '../../engine/php/values.ts'
import { dateTimeOf } from '../../engine/world/dates.ts'
import { parseExecutionLog } from '../capture/import/execution-log.ts'
import { asUnreadable, unreadable } from '../store/reading.ts'
import { rowsOf } from './log-rows.ts'
import { workflowGraph } from '../../engine/graph/document.ts'

const kept = new Map<string, readonly LogLine[]>()
const mostKept = 2000

/** A finished run never changes, so its lines are read once. Throws STORE_FILE_UNREADABLE. */
export async function logOfRun(runId: string, file: string, startedAt: string): Promise<readonly LogLine[]> {
  const known = kept.get(file)
  if (known !== undefined) return known
  const name = `runs/${basename(file)}`
  const lines = await linesOf(runId, { file, name }, Date.parse(startedAt)).catch((error: unknown) => {
    throw error instanceof SyntaxError || error instanceof z.ZodError
      ? unreadable(name, 'it is damaged')
      : asUnreadable(error, name)
  })
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!)
  kept.set(file, lines)
  return lines
}

const headerRow = z.looseObject({ workflow: z.custom<Json>((value) => value !== undefined) })
const logRow = z.looseObject({ data: z.looseObject({ line: z.string() }), nodeId: z.unknown(), at: z.number() })

const typeOf = (head: string): string | undefined => /"type":"(log|node\.started|node\.finished)"/.exec(head)?.[1]

async function linesOf(
  runId: string,
  { file, name }: Record<'file' | 'name', string>,
  startedAt: number
): Promise<LogLine[]> {
  const found: { line: string; step: number | null; nodeId: unknown; at: string }[] = []
  let step = 0
  // Lines that a node wrote stand before the event that ends it.
  let waiting: (typeof found)[number][] = []
  let header: string | null = null
  let last = ''
  for await (const row of rowsOf(file, name, (head) => typeOf(head) === 'log')) {
    header ??= row
    last = row
    const type = typeOf(row.slice(0, 300))
    if (type === undefined) continue
    if (type === 'node.started') waiting = []
    else if (type === 'node.finished') {
      step++
      for (const one of waiting.splice(0)) one.step = step
    } else {
      const { data, nodeId, at } = logRow.parse(JSON.parse(row))
      // The time in the line itself is the run's own clock, which a person may have set to another day.
      const one = { line: data.line, step: null, nodeId, at: dateTimeOf(Math.floor((startedAt + at) / 1000)) }
      found.push(one)
      waiting.push(one)
    }
  }
  if (!/^\{"end":\d+\}$/.test(last))
    throw unreadable(name, header === null ? 'it is empty or no longer there' : 'its end is missing')
  const secrets = new SecretTexts(found.length > 0 ? secretsOfHeader(header ?? '') : [])
  return found.flatMap(({ line, step: inStep, at }, i) =>
    parseExecutionLog(line).map((entry) => ({
      ...{ id: `${runId}.${i}`, at, trigger: entry.trigger || null, workflowId: entry.workflowId || null },
      ...{ text: String(hideTexts(entry.message, secrets)), runId, step: inStep, origin: 'local' as const }
    }))
  )
}

/** Secrets of the nodes of the workflow that the run's file begins with: an error in the log may repeat them. */
function secretsOfHeader(header: string): readonly string[] {
  const { workflow } = headerRow.parse(JSON.parse(header))
  return Object.values(workflowGraph(workflow)).flatMap((node) => {
    const data = isMap(node) ? node['data'] : null
    const params = isMap(data ?? null) ? (data as JsonMap)['indexed_params'] : null
    return isMap(params ?? null) ? secretsOfParams(params as JsonMap) : []
  })
}
