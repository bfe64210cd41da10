// What was not really executed or not really sent must be seen wherever a step or run is shown.
import type { RunDetail, RunStep } from '../../../contract/run-views.ts'
import type { EffectPolicy } from '../../../contract/effects.ts'
import type { Json } from '../../../contract/json.ts'

const words: Record<string, { readonly tone: string; readonly label: string; readonly text: string }> = {
  mock: { tone: 'mock', label: 'mocked', text: 'Answered by a mock; nothing was sent' },
  recorded: { tone: 'mock', label: 'recorded', text: 'Answered by a recorded response; nothing was sent' },
  'recorded, derived': {
    tone: 'derived',
    label: 'derived response',
    text: 'Response derived from the captured run'
  },
  live: { tone: 'live', label: 'live', text: 'Live: really sent, or attempted' }
}

const isPinnedStep = (step: RunStep): boolean => step.notes.some((note) => note.code === 'NODE_PINNED')

const isEditedStep = (step: RunStep): boolean => step.notes.some((note) => note.code === 'DATA_REPLACED')

/** Whose hand is in the data that a step got: at the start, or at an earlier step of a paused run; null: nobody's. */
export function editedBefore(detail: RunDetail, step: number): string | null {
  const at = detail.steps.findLast((one) => one.step <= step && isEditedStep(one))
  if (at)
    return at.step === step ? 'The data was edited before this node.' : `The data was edited before step ${at.step}.`
  return detail.options?.['edited'] === true ? 'The run’s input data was edited.' : null
}

/** Every reason why a step is not what MISP would have done by itself. */
function tagsOfStep(
  step: RunStep
): readonly { readonly tone: string; readonly label: string; readonly text: string }[] {
  const pinned = isPinnedStep(step)
  return [
    ...(isEditedStep(step) ? [{ tone: 'edited', label: 'edited', text: 'The data was edited before this node' }] : []),
    ...(pinned
      ? [{ tone: 'mock', label: 'pinned', text: 'Not executed: its pinned output was used' }]
      : step.derived.includes('mocked')
        ? [{ tone: 'mock', label: 'mocked', text: 'Not executed: a placeholder result was used' }]
        : []),
    ...(step.answeredBy ?? []).flatMap((by) => words[by] ?? []),
    ...(step.answerErrors ? [{ tone: 'failure', label: 'error in answer', text: step.answerErrors.join('\n') }] : [])
  ]
}

export function StepTags({ step, small }: { step: RunStep; small?: boolean }) {
  return tagsOfStep(step).map(({ tone, label, text }) => (
    <span key={label} className={`tag ${tone}`} title={text} style={small ? { height: 15, fontSize: 10 } : undefined}>
      {label}
    </span>
  ))
}

const optionOf = (options: RunDetail['options'], name: string): Json => options?.[name] ?? null
const policyWords: Record<EffectPolicy, string> = {
  record: 'nothing sent',
  mock: 'mocks',
  recorded: 'recorded responses',
  live: 'live'
}

/** The run's policy and what deviates from it, for its header. */
export function RunTags({ detail }: { detail: RunDetail }) {
  if (detail.summary.origin !== 'local') return null
  const effects = optionOf(detail.options, 'effects') as {
    policy?: EffectPolicy
    modules?: Record<string, string>
    nodes?: Record<string, string>
  } | null
  const policy = effects?.policy ?? 'record'
  const overrides = Object.keys(effects?.modules ?? {}).length + Object.keys(effects?.nodes ?? {}).length
  const pinned = detail.steps.filter(isPinnedStep).length
  const by = (name: string) => detail.steps.filter((step) => step.answeredBy?.includes(name)).length
  const live = by('live')
  const mocked = by('mock')
  const recorded = by('recorded') + by('recorded, derived')
  const edited = detail.options?.['edited'] === true || detail.steps.some(isEditedStep)
  return (
    <>
      {edited && (
        <span className="tag edited" title="The data of this run was edited">
          data edited
        </span>
      )}
      <span
        className={`tag ${policy === 'live' ? 'live' : policy === 'record' ? '' : 'mock'}`}
        title="How this run’s side effects are handled"
      >
        {policyWords[policy]}
        {overrides > 0 ? ` +${overrides}` : ''}
      </span>
      {live > 0 && policy !== 'live' && <span className="tag live">{live} live</span>}
      {pinned > 0 && (
        <span className="tag mock" title="Nodes not executed: their pinned output was used">
          {pinned} pinned
        </span>
      )}
      {mocked > 0 && (
        <span className="tag mock" title="Nodes answered by a mock">
          {mocked} mocked
        </span>
      )}
      {recorded > 0 && (
        <span className="tag mock" title="Nodes answered by a recorded response">
          {recorded} recorded
        </span>
      )}
    </>
  )
}
