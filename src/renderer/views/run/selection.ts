import type { RunStep } from '../../../contract/run-views.ts'
import { navigate } from '../../stores/router.ts'

export const goToStep = (runId: string, step: number): void => navigate(['runs', runId, 'step', step], undefined, true)

/** A node may have run several times: the next one after the current step, else its first. */
export const stepOfNode = (steps: readonly RunStep[], nodeId: number, current: number): number | null => {
  const own = steps.filter((step) => step.nodeId === nodeId)
  return (own.find((step) => step.step > current) ?? own[0])?.step ?? null
}

/** The keyboard goes on with what the step did. */
export const focusInspector = (): void =>
  document.querySelector<HTMLElement>('[aria-label="Inspector"] [role="tab"][aria-selected="true"]')?.focus()
