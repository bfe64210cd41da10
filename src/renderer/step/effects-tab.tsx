import type { RunDetail, RunEffect, RunStep, RunSummary } from '../../contract/run-views.ts'
import { EmptyState, FailureState, Loading } from '../components/empty-state.tsx'
import { formatCount, plural } from '../../contract/words.ts'
import { buildHash } from '../stores/router.ts'
import { ByTag, EffectDetail } from './effect-detail.tsx'
import { answerBody, answerLabel, prettyText, requestBody, titleOf } from './effect-text.ts'
import { useAnswer } from '../hooks/use-answer.ts'
import { StepWorldChanges } from './world-diff.tsx'

const shown = 20

/** What this step sent or would have sent, and what it changed in MISP's database. */
export function EffectsTab({ detail, step }: { detail: RunDetail; step: RunStep }) {
  const runId = detail.summary.id
  // Effects stand in the order of the steps, so a step's are those behind all earlier ones'.
  const offset = detail.steps.slice(0, step.step - 1).reduce((sum, one) => sum + one.effects, 0)
  const answer = useAnswer('run.effects', { runId, offset, limit: shown })
  if (step.effects === 0 && step.worldChanges === 0)
    return areEffectsKnown(detail.summary) ? (
      <EmptyState title="No effects">This node sent nothing and changed nothing in MISP’s database.</EmptyState>
    ) : (
      <NotPosted />
    )
  if (!answer) return <Loading label="Loading effects" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const own = answer.data.effects.map((item, i) => ({ item, index: offset + i })).slice(0, step.effects)
  const sent = own.filter(({ item }) => item.effect.kind !== 'template')
  const templates = own.filter(({ item }) => item.effect.kind === 'template')
  return (
    <div className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Effects of this step">
      {step.worldChanges > 0 && <StepWorldChanges runId={runId} step={step.step} />}
      {sent.map(({ item, index }) => (
        <EffectDetail key={index} runId={runId} index={index} item={item} flow />
      ))}
      {templates.length > 0 && (
        <details className="row-diff" open={sent.length === 0}>
          <summary>{plural(templates.length, 'template')} in its parameters, rendered</summary>
          {templates.map(({ item, index }) => (
            <EffectDetail key={index} runId={runId} index={index} item={item} flow />
          ))}
        </details>
      )}
      <p style={{ padding: '8px 12px', fontSize: 12 }}>
        {step.effects > own.length && <>{formatCount(step.effects - own.length)} more. </>}
        <a href={buildHash(['runs', runId, 'effects'])}>All effects of the run</a>
      </p>
    </div>
  )
}

/** What MISP posts or logs of a run says nothing of what the run sent and changed. */
export const areEffectsKnown = ({ origin }: RunSummary): boolean => origin === 'local'

export const NotPosted = () => (
  <EmptyState title="Effects are unknown">
    MISP does not report what a run sent or changed in its database. Run it again to see what its actions would do.
  </EmptyState>
)

/** An effect in short, where it belongs to no run that could be asked about it. */
export function EffectBlock({ item }: { item: RunEffect }) {
  return (
    <li className="effect">
      <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <b className="ellipsis grow" title={titleOf(item.effect)}>
          {titleOf(item.effect)}
        </b>
        <ByTag item={item} />
      </div>
      <pre>{prettyText(requestBody(item.effect)).slice(0, 20_000)}</pre>
      <pre style={{ borderLeft: '3px solid var(--line-strong)' }}>
        {answerLabel(item.answer)}
        {'\n'}
        {prettyText(answerBody(item.answer)).slice(0, 20_000)}
      </pre>
    </li>
  )
}
