import type { RunPreview as Preview, RunSummary } from '../../../contract/run-views.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { formatBytes, formatMs, formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { branchLabel, resultLabels, resultTone } from '../../components/format.ts'
import { VerifiedTag, verifiedTitle } from '../../components/verified-tag.tsx'
import { Icon } from '../../components/icons.tsx'
import { Facts } from '../../components/list/preview.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useSettled } from '../../hooks/use-settled.ts'
import { buildHash } from '../../stores/router.ts'
import { originText } from './run-columns.tsx'
import '../../step/step.css'

const VerifiedRow = ({ run }: { run: RunSummary }) => (
  <>
    <VerifiedTag run={run} /> <span className="muted">{verifiedTitle(run)}</span>
  </>
)

type Step = Preview['steps'][number]

function StepLine({ runId, step: one }: { runId: string; step: Step }) {
  return (
    <li>
      <a href={buildHash(['runs', runId, 'step', one.step])}>
        <span className="muted num">{one.step}</span>
        <span className="ellipsis">{one.name}</span>
        {one.changed && (
          <span className="muted" title="Changes the data">
            Δ
          </span>
        )}
        {one.effects > 0 && (
          <span className="muted" title={plural(one.effects, 'effect')}>
            <Icon name="paper-plane" size={10} />
          </span>
        )}
        <span className="grow" />
        {branchLabel(one) && <span className="branch">{branchLabel(one)}</span>}
        <span className={`tag ${resultTone(one.result, one.success)}`}>{resultLabels[one.result]}</span>
      </a>
      {one.message && !one.success && <p className="mono">{one.message}</p>}
    </li>
  )
}

function Steps({ runId, answer: { steps, total } }: { runId: string; answer: Preview }) {
  if (total === 0) return null
  return (
    <ol className="preview-steps" aria-label="Steps">
      {steps.flatMap((step, i) => {
        const before = steps[i - 1]
        const left = before ? step.step - before.step - 1 : 0
        const line = <StepLine key={step.step} runId={runId} step={step} />
        return left > 0
          ? [
              <li key={`before-${step.step}`} className="muted between">
                {formatCount(left)} more
              </li>,
              line
            ]
          : [line]
      })}
    </ol>
  )
}

/** How a run ended, on what, and its steps: enough to know whether it is the one that is looked for. */
export function RunPreview({ run }: { run: RunSummary }) {
  // Whoever walks through the list with an arrow key asks for the run at which they stop.
  const runId = useSettled(run.id)
  const answer = useAnswer('runs.preview', { runId })
  const rows = [
    ['Trigger', run.trigger],
    ['Name', run.name],
    ['Workflow', run.workflowName],
    ['Event', run.event && `${run.event.info}${run.event.id ? ` #${run.event.id}` : ''}`],
    ['Started', `${formatTime(run.startedAt)}${run.durationMs === null ? '' : `, took ${formatMs(run.durationMs)}`}`],
    ['Nodes', `${formatCount(run.steps)}${run.errors > 0 ? `, ${plural(run.errors, 'error')}` : ''}`],
    ['Effects', run.effects > 0 ? formatCount(run.effects) : null],
    ['Origin', originText(run)],
    [
      'Grouping',
      run.confidence === null ? null : `${Math.round(run.confidence * 100)} %${run.reason ? `: ${run.reason}` : ''}`
    ],
    ['Verified', run.verified && <VerifiedRow run={run} />],
    ['Size', formatBytes(run.size)]
  ] as const
  const isHere = answer?.ok && runId === run.id
  const said = (isHere && answer.data.consequence) || run.outcomeText
  return (
    <>
      <div className="section preview-outcome">
        <span className={`tag ${outcomeTone(run)}`}>{outcomeLabel(run)}</span>
        <span>{said !== outcomeLabel(run) && said}</span>
      </div>
      {isHere && answer.data.blockingErrors.length > 0 && (
        <div className="section mono preview-errors">{answer.data.blockingErrors.join('\n')}</div>
      )}
      <Facts rows={rows} />
      {!answer || runId !== run.id ? (
        <Loading label="Loading steps" />
      ) : answer.ok ? (
        <Steps runId={run.id} answer={answer.data} />
      ) : (
        <FailureState failure={answer.error} />
      )}
    </>
  )
}
