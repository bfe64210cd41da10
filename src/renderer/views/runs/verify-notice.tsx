import { useStore } from 'zustand'
import type { VerifyVerdict } from '../../../contract/verify.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { verdictTone } from '../../components/verdict.ts'
import { setFilter } from '../../stores/runs.ts'
import { cancelMany, closeMany, manyVerified, showAccepted } from '../../stores/verify.ts'

const show = (verdict: VerifyVerdict): void => setFilter({ verdict: [verdict] })

/** How far verifying many runs is, and what it came to. */
export function VerifyNotice() {
  const { state, done, total, verdicts, accepted } = useStore(manyVerified)
  if (state === 'idle') return null
  if (state === 'verifying')
    return (
      <div className="list-notice" role="status">
        <span className="spinner" />
        {total === 0 ? 'Verifying runs' : `Verifying runs: ${formatCount(done)} of ${formatCount(total)}`}
        {total > 0 && <progress max={total} value={done} aria-label="Runs verified" />}
        <button className="btn" onClick={cancelMany}>
          Cancel
        </button>
      </div>
    )
  return (
    <div className="list-notice" role="status">
      <b>{plural(total, 'captured run')} verified:</b>
      {(['equal', 'different', 'cannot tell'] as const).map((verdict) => (
        <button
          key={verdict}
          className={`tag ${verdictTone[verdict]}`}
          disabled={verdicts[verdict] === 0}
          title={`Show runs with the verdict “${verdict}”`}
          onClick={() => show(verdict)}
        >
          {formatCount(verdicts[verdict])} {verdict}
        </button>
      ))}
      {accepted > 0 && (
        <button className="link" onClick={showAccepted}>
          {plural(accepted, 'accepted difference')}
        </button>
      )}
      <span className="grow" />
      <button className="btn quiet icon" aria-label="Close the summary" onClick={closeMany}>
        <Icon name="xmark" />
      </button>
    </div>
  )
}
