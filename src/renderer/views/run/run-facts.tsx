// What a run is and how it was made.
import type { Json } from '../../../contract/json.ts'
import type { RunDetail, RunParent } from '../../../contract/run-views.ts'
import { formatGrouping, formatMs, formatTime } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { profileLabel } from '../../components/profile-label.ts'
import { VerifiedTag, verifiedTitle } from '../../components/verified-tag.tsx'
import { buildHash } from '../../stores/router.ts'
import { RunTags } from './answered-tags.tsx'

export interface RunHeaderProps {
  readonly detail: RunDetail
  readonly rebuilt: boolean
  readonly workflow: Json
}

/** What the run is and how it was made, on a line of its own that wraps: nothing of it is cut off by what can be done with it. */
export function Facts({ detail, rebuilt }: Pick<RunHeaderProps, 'detail' | 'rebuilt'>) {
  const { summary, pathType } = detail
  return (
    <div className="facts">
      {summary.event && (
        <span className="event ellipsis" title={summary.event.info}>
          {summary.event.info} {summary.event.id && `#${summary.event.id}`}
        </span>
      )}
      <span title={summary.startedAt}>{formatTime(summary.startedAt)}</span>
      {/* While it runs, more steps have come than its summary knows of. */}
      <span>{plural(Math.max(summary.steps, detail.steps.length), 'node')}</span>
      {summary.durationMs !== null && <span>{formatMs(summary.durationMs)}</span>}
      {pathType && <span>{pathType}</span>}
      <Marks detail={detail} rebuilt={rebuilt} />
      {summary.parent && (
        <a href={buildHash(['runs', summary.parent.runId])}>{parentLabels[summary.parent.relation]}</a>
      )}
    </div>
  )
}

function Marks({ detail, rebuilt }: Pick<RunHeaderProps, 'detail' | 'rebuilt'>) {
  const { summary } = detail
  return (
    <>
      {detail.insteadOf !== undefined && (
        <span className="tag mock" title={`The workflow’s own trigger is ${detail.insteadOf}`}>
          run as {summary.trigger}
        </span>
      )}
      <RunTags detail={detail} />
      <span className="tag">{summary.origin === 'imported' ? 'from MISP’s log, without data' : summary.origin}</span>
      {detail.profile !== null && (
        <span className="tag" title={`Treated as MISP ${profileLabel(detail.profile)}`}>
          MISP {detail.profile}
        </span>
      )}
      {summary.verified && (
        <span className="verified" title={verifiedTitle(summary)}>
          verified: <VerifiedTag run={summary} />
        </span>
      )}
      {rebuilt && (
        <span className="tag derived" title="The workflow is unknown: this graph was derived from the posts">
          graph derived
        </span>
      )}
      {summary.confidence !== null && (
        <span className={`tag ${summary.confidence < 0.9 ? 'mock' : ''}`} title={summary.reason}>
          {formatGrouping(summary.confidence)}
        </span>
      )}
    </>
  )
}

const parentLabels: Readonly<Record<RunParent['relation'], string>> = {
  again: 'Original run',
  nested: 'Parent run',
  job: 'Parent run',
  start: 'First run of this start'
}
