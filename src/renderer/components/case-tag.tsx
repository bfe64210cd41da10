import type { CaseState } from '../../contract/case.ts'

const tones: Readonly<Record<CaseState | 'not run', string>> = {
  ...{ passed: 'ok', failed: 'failure', stale: 'mock', broken: 'aborted', 'not run': '' }
}

export const CaseTag = ({ state }: { state: CaseState | 'not run' }) => (
  <span className={`tag ${tones[state]}`}>{state}</span>
)
