import type { RunDetail } from '../../contract/run-views.ts'

/** The step that explains the outcome: what blocked or failed, else the last one. 0 is the trigger. */
export function tellingStep({ steps, throwable }: Pick<RunDetail, 'steps' | 'throwable'>): number {
  const thrown = throwable && steps.findLast((step) => step.nodeId === throwable.nodeId)
  const failed = steps.findLast((step) => step.moduleType !== 'logic' && !step.success)
  return (thrown ?? failed ?? steps.at(-1))?.step ?? 0
}
