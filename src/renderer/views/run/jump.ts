// Where a link in a sentence leads: a step, the tab of its inspector, and a value in it.
import type { ChainPlace } from '../../../contract/chain.ts'
import { jumps } from '../../stores/jumps.ts'
import { buildHash, navigate } from '../../stores/router.ts'
import { goToStep } from './selection.ts'

const tabs: { readonly [which in ChainPlace['which']]: string } = {
  ...{ input: 'input', output: 'output', normalized: 'output', errors: 'errors', summary: 'summary' }
}

/** The address of the step or node. */
export const placeHash = (runId: string, { step, nodeId }: ChainPlace): string =>
  buildHash(['runs', runId, ...(step === null ? ['node', nodeId ?? 0] : ['step', step])])

export function jumpTo(runId: string, { step, nodeId, which, path }: ChainPlace): void {
  if (step === null) return nodeId === null ? undefined : goToNode(runId, nodeId)
  jumps.setState({ jump: { runId, step, tab: tabs[which], path: path.length > 0 ? path : null } })
  goToStep(runId, step)
}

/** A node that was not executed: it has no step. */
export const goToNode = (runId: string, nodeId: number): void =>
  navigate(['runs', runId, 'node', nodeId], undefined, true)
