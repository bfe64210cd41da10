import type { EffectAnswer, Effect } from '../../../contract/run.ts'
import type { RunDetail, RunEffect, RunStep } from '../../../contract/run-views.ts'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { useAnswer } from './use-answer.ts'

const titleOf = (effect: Effect): string => {
  switch (effect.kind) {
    case 'http':
      return `${effect.method.toUpperCase()} ${effect.url}`
    case 'mail':
      return `Mail to ${effect.to}: ${effect.subject}`
    case 'zmq':
      return `ZMQ message to ${effect.topic}`
    case 'misp-modules':
      return `misp-modules (${effect.family}): ${String(effect.body['module'] ?? '')}`
    case 'template':
      return `Template of ${effect.param}`
  }
}

const bodyOf = (effect: Effect): string => {
  switch (effect.kind) {
    case 'http':
      return [...effect.headers.map(([name, value]) => `${name}: ${value}`), '', effect.body].join('\n')
    case 'mail':
      return effect.text
    case 'zmq':
      return JSON.stringify(effect.message, null, 2).slice(0, 20_000)
    case 'misp-modules':
      return JSON.stringify(effect.body, null, 2).slice(0, 20_000)
    case 'template':
      return effect.template
  }
}

const answerOf = (answer: EffectAnswer): string => {
  if ('failure' in answer) return `${answer.failure}: ${answer.message}`
  if ('sent' in answer) return 'sent'
  if ('text' in answer)
    return answer.error ? `${answer.error.type}: ${answer.error.message}\nMISP would use the empty text.` : answer.text
  if ('json' in answer) return JSON.stringify(answer.json, null, 2).slice(0, 20_000)
  return `${answer.status}\n${answer.body.slice(0, 20_000)}`
}

const by: Record<string, string> = {
  default: 'not sent: assumed answer',
  record: 'not sent',
  mock: 'mocked',
  recorded: 'from a recording',
  live: 'sent'
}

export function EffectBlock({ item }: { item: RunEffect }) {
  return (
    <li className="effect">
      <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <b className="ellipsis grow" title={titleOf(item.effect)}>
          {titleOf(item.effect)}
        </b>
        <span
          className={`tag ${item.by === 'live' ? 'ok' : item.by === 'record' || item.by === 'default' ? '' : 'mock'}`}
        >
          {by[item.by] ?? item.by}
        </span>
      </div>
      <pre>{bodyOf(item.effect)}</pre>
      <pre style={{ borderLeft: '3px solid var(--line-strong)' }}>{answerOf(item.answer)}</pre>
    </li>
  )
}

/** What this step would have sent, and what it changed in MISP's database. */
export function EffectsTab({ detail, step }: { detail: RunDetail; step: RunStep }) {
  const answer = useAnswer('run.effects', { runId: detail.summary.id, offset: 0, limit: 1000 })
  if (!answer) return <Loading label="Loading effects" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const own = answer.data.effects.filter((one) => one.step === step.step)
  if (own.length === 0 && step.worldChanges === 0)
    return <EmptyState title="No effects">This node sent nothing and changed nothing in MISP’s database.</EmptyState>
  return (
    <ul
      className="scroll"
      style={{ margin: 0, padding: 0, listStyle: 'none', height: '100%' }}
      aria-label="Effects"
      tabIndex={0}
    >
      {step.worldChanges > 0 && <li className="effect">{step.worldChanges} changes of MISP’s database.</li>}
      {own.map((item, i) => (
        <EffectBlock key={i} item={item} />
      ))}
    </ul>
  )
}
