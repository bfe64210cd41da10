import { comparedStates } from '../../components/workflow-graph/node-marks.tsx'
import type { LineState } from './lines.ts'

/** A state in words, with its sign. */
export function StateTag({ state }: { state: LineState }) {
  const { sign, label } = comparedStates[state]
  return (
    <span className={`cmp-state ${state.replace(' ', '-')}`}>
      <b aria-hidden="true">{sign}</b> {label}
    </span>
  )
}
