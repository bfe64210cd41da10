import type { RunSummary } from '../../contract/run-views.ts'

const bundleMs = 100
const mostBundled = 500

/** A capture of thousands of runs a second must not become thousands of messages. */
export function createRunBundle(send: (changed: readonly RunSummary[], removed: readonly string[]) => void): {
  add(changed: readonly RunSummary[], removed: readonly string[]): void
  flush(): void
} {
  const changed = new Map<string, RunSummary>()
  const removed = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    // A workspace of 100,000 runs that was just opened is asked for, not sent.
    if (changed.size + removed.size > mostBundled) send([], [])
    else if (changed.size > 0 || removed.size > 0) send([...changed.values()], [...removed])
    changed.clear()
    removed.clear()
  }
  return {
    add(runs, ids) {
      for (const run of runs) {
        changed.set(run.id, run)
        // What was merged and taken back within one message is there again.
        removed.delete(run.id)
      }
      for (const id of ids) {
        changed.delete(id)
        removed.add(id)
      }
      timer ??= setTimeout(flush, bundleMs)
    },
    flush
  }
}
