// The lines that a local run wrote to MISP's workflow-execution.log, with their steps. Read from the run's file without its data.
import { readFile } from 'node:fs/promises'
import type { LogLine } from '../../contract/workspace.ts'
import { parseExecutionLog } from '../capture/execution-log.ts'

const kept = new Map<string, readonly LogLine[]>()
const mostKept = 2000

/** A finished run never changes, so its lines are read once. A file that cannot be read has none. */
export async function logOfRun(runId: string, file: string): Promise<readonly LogLine[]> {
  const known = kept.get(file)
  if (known !== undefined) return known
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = linesOf(runId, text)
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!)
  kept.set(file, lines)
  return lines
}

function linesOf(runId: string, text: string): LogLine[] {
  const found: { line: string; step: number | null; nodeId: unknown }[] = []
  let step = 0
  // Lines that a node wrote stand before the event that ends it.
  let waiting: (typeof found)[number][] = []
  for (const row of text.split('\n')) {
    const type = /"type":"(log|node\.started|node\.finished)"/.exec(row.slice(0, 300))?.[1]
    if (type === undefined) continue
    if (type === 'node.started') waiting = []
    else if (type === 'node.finished') {
      step++
      for (const one of waiting.splice(0)) one.step = step
    } else {
      const { data, nodeId } = JSON.parse(row) as { data: { line: string }; nodeId: unknown }
      const one = { line: data.line, step: null, nodeId }
      found.push(one)
      waiting.push(one)
    }
  }
  return found.flatMap(({ line, step: at }, i) =>
    parseExecutionLog(line).map((entry) => ({
      ...{ id: `${runId}.${i}`, at: entry.time, trigger: entry.trigger || null, workflowId: entry.workflowId || null },
      ...{ text: entry.message, runId, step: at, origin: 'local' as const }
    }))
  )
}
