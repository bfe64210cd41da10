// The one place that hears of what nothing caught. A process that has begun to serve goes on: its listener takes posts, its journal keeps them,
// and what happened is reported. One that is only starting, or a short command, ends with its exit status instead.

export type ReportUncaught = (context: string, error: unknown) => void

const serving = new Set<ReportUncaught>()
const short = new Set<ReportUncaught>()

const caught = (error: unknown, origin: string): void => tell(origin, error)
const rejected = (error: unknown): void => tell('unhandledRejection', error)

function tell(context: string, error: unknown): void {
  for (const report of serving.size > 0 ? serving : short) {
    try {
      report(context, error)
    } catch {
      // Throwing here would end the process, and there is nobody left to tell.
    }
  }
}

function hear(reports: Set<ReportUncaught>, report: ReportUncaught): () => void {
  if (serving.size + short.size === 0) {
    process.on('uncaughtException', caught)
    process.on('unhandledRejection', rejected)
  }
  reports.add(report)
  return () => {
    if (!reports.delete(report) || serving.size + short.size > 0) return
    process.off('uncaughtException', caught)
    process.off('unhandledRejection', rejected)
  }
}

/** From now on the process outlives what nothing caught; each is reported. Returns the function that ends that. */
export const surviveUncaught = (report: ReportUncaught): (() => void) => hear(serving, report)

/** `end` ends the process with its exit status, as long as nothing in it serves. Returns the function that ends that. */
export const endOnUncaught = (end: ReportUncaught): (() => void) => hear(short, end)

/** Whether something in this process goes on whatever happens. */
export const isServing = (): boolean => serving.size > 0

/**
 * For code that must finish its own work first (a queue, a list of listeners): what was thrown at it is told to the one place, and the next
 * is done.
 */
export function handOver(error: unknown): void {
  if (isServing()) tell('handed over', error)
  else
    queueMicrotask(() => {
      throw error
    })
}
