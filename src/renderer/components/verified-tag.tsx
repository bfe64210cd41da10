import type { RunSummary } from '../../contract/run-views.ts'
import { dayOf, stillStands } from '../../contract/verify.ts'
import { plural } from '../../contract/words.ts'
import { formatTime } from './format.ts'
import { verdictTone } from './verdict.ts'

/** What verifying the run last answered, and of what. */
export function verifiedTitle({ verified }: Pick<RunSummary, 'verified'>): string | undefined {
  if (!verified) return undefined
  const { at, against, accepted } = verified
  const what = [
    `Verified ${formatTime(at)}${against === undefined ? '' : ` against ${against}`}`,
    ...(accepted > 0 ? [plural(accepted, 'accepted difference')] : []),
    ...(stillStands(verified, dayOf(new Date()))
      ? []
      : ['a difference that it accepts has run out or was taken back: verify it again'])
  ]
  return what.join('; ')
}

export function VerifiedTag({ run }: { run: Pick<RunSummary, 'verified' | 'origin'> }) {
  const { verified, origin } = run
  if (origin !== 'captured' || !verified) return null
  if (!stillStands(verified, dayOf(new Date()))) return <span className="muted">outdated</span>
  return (
    <>
      <span className={`tag ${verdictTone[verified.verdict]}`}>{verified.verdict}</span>
      {verified.accepted > 0 && <span className="muted"> +{verified.accepted}</span>}
    </>
  )
}
