// What `show --watch PATH` says of each step.
import { append } from '../contract/lists.ts'
import { CodedError } from '../contract/errors.ts'
import { mostWatches } from '../contract/watch.ts'
import type { WatchRow } from '../contract/watch.ts'
import { assertPath } from '../engine/hash/fault.ts'
import type { ConnectedHost } from '../host/holder/local-host.ts'
import type { CommandContext } from './context.ts'
import { visible } from './style.ts'
import type { createStyle } from './style.ts'
import { withHost } from './workspace-host.ts'

export interface Watched {
  readonly paths: readonly string[]
  readonly rows: readonly WatchRow[]
}

const atOnce = 500

/** One row a step, what the run started with first. */
export async function watchedRows(host: ConnectedHost, runId: string, paths: readonly string[]): Promise<WatchRow[]> {
  if (paths.length > mostWatches)
    throw new CodedError('COMMAND_INVALID', `--watch can be given ${mostWatches} times, not ${paths.length}.`)
  paths.forEach(assertPath)
  const rows: WatchRow[] = []
  for (;;) {
    const from = rows.length
    const page = await host.ask('run.watch', { runId, paths: [...paths], from, to: from + atOnce - 1 })
    append(rows, page.rows)
    if (page.rows.length < atOnce) return rows
  }
}

/** What is another one than before; all of them at the start. */
export function watchLines(watched: Watched | null, step: number, style: ReturnType<typeof createStyle>): string[] {
  const { dim, yellow } = style
  return (watched?.rows[step]?.cells ?? []).flatMap(({ count, preview, changed }, i) => {
    if (step > 0 && !changed) return []
    const value = count === 0 ? dim('nothing') : visible(preview)
    return [
      `${step === 0 ? dim('   0  ') : '      '}  ${visible(watched?.paths[i] ?? '')} = ${changed ? yellow(value) : value}`
    ]
  })
}

/** As lines of JSON, one a step. */
export async function printWatched(
  context: CommandContext,
  workspace: string | undefined,
  runId: string,
  paths: readonly string[]
): Promise<number> {
  const rows = await withHost(context, workspace, { looks: true }, (host) => watchedRows(host, runId, paths))
  for (const { step, cells } of rows) {
    const watch = cells.map(({ count, preview, changed }, i) => ({ path: paths[i], count, value: preview, changed }))
    context.print(JSON.stringify({ step, watch }))
  }
  return 0
}
