import { useState } from 'react'
import { useStore } from 'zustand'
import { answerProblem } from '../../../engine/effects/answer-error.ts'
import type { Json } from '../../../contract/json.ts'
import type { WorldChange } from '../../../contract/run.ts'
import type { ModuleExecution } from '../../../contract/run-views.ts'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { formatMs, formatTime, resultLabels, resultTone } from '../../components/format.ts'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import { attempts } from '../../stores/attempts.ts'
import type { Attempt } from '../../stores/attempts.ts'
import { ChangeList } from '../../step/changes-tab.tsx'
import { EffectBlock } from '../../step/effects-tab.tsx'
import { showValue } from '../../step/node-params.ts'
import { ShowSecrets } from '../../step/show-secrets.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useStepSource } from '../../step/step-source.ts'
import '../../step/step.css'

interface ResultPaneProps {
  readonly moduleId: string
  readonly shown: number | null
  readonly onShow: (id: number) => void
  /** Takes an attempt's parameters and input back into the form. */
  readonly onAgain: (attempt: Attempt) => void
  readonly running: boolean
}

export function ResultPane({ moduleId, shown, onShow, onAgain, running }: ResultPaneProps) {
  const all = useStore(attempts, (state) => state.all)
  const own = all.filter((one) => one.moduleId === moduleId)
  const attempt = own.find((one) => one.id === shown) ?? own[0]
  // What a person looks at stays from attempt to attempt.
  const [tab, setTab] = useState<TabId | null>(null)
  return (
    <section className="execute-pane" aria-label="Result" aria-busy={running}>
      <div className="pane-head">
        <h2>Result</h2>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        {!attempt ? (
          <EmptyState title="Not run yet">
            Nothing leaves this machine unless you choose Live, which asks first. <span className="kbd">Ctrl</span>{' '}
            <span className="kbd">Enter</span>
          </EmptyState>
        ) : attempt.failure ? (
          <FailureState failure={attempt.failure} />
        ) : (
          attempt.execution && (
            <Outcome key={attempt.id} attempt={attempt} execution={attempt.execution} chosen={tab} choose={setTab} />
          )
        )}
      </div>
      {own.length > 0 && (
        <div className="attempts">
          <div className="pane-head">
            <h2>History of this session</h2>
            <span className="grow" />
            {attempt && (
              <button className="btn quiet" onClick={() => onAgain(attempt)} title="As in the attempt shown">
                Restore its parameters and input
              </button>
            )}
          </div>
          <ol>
            {own.map((one, i) => (
              <li key={one.id}>
                <button
                  aria-current={one.id === attempt?.id}
                  onClick={() => onShow(one.id)}
                  onDoubleClick={() => onAgain(one)}
                  title="Show this attempt. Double-click: restore its parameters and input."
                >
                  <span className="num muted">{own.length - i}</span>
                  <Badge attempt={one} />
                  <span className="ellipsis">
                    {one.input} <span className="muted">{changedSince(one, own[i + 1])}</span>
                  </span>
                  <span className="muted num">{formatMs(one.took)}</span>
                  <span className="muted num">{formatTime(one.at)}</span>
                </button>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  )
}

/** What a person changed since the attempt before it. */
function changedSince(one: Attempt, before: Attempt | undefined): string {
  if (!before) return ''
  const sets = [one.params, before.params, one.filters, before.filters]
  const keys = [...new Set(sets.flatMap((set) => Object.keys(set)))]
  const text = (attempt: Attempt, key: string) => JSON.stringify([attempt.params[key], attempt.filters[key]])
  const changed = keys.filter((key) => text(one, key) !== text(before, key))
  if (one.input !== before.input) changed.push('input')
  if (one.convert !== before.convert) changed.push('conversion')
  return changed.length > 0 ? `changed: ${changed.join(', ')}` : ''
}

function Badge({ attempt: { execution } }: { attempt: Attempt }) {
  if (!execution) return <span className="tag blocked">refused</span>
  if (execution.cannotTell) return <span className="tag">cannot tell</span>
  return (
    <span className={`tag ${resultTone(execution.result, execution.success)}`}>
      {execution.branch ? branchLabel(execution) : resultLabels[execution.result]}
    </span>
  )
}

const branchLabel = ({ branch, result }: ModuleExecution): string =>
  branch === 'output_1' ? 'true' : branch === 'output_2' ? 'false' : resultLabels[result]

const errorTexts = (errors: Json): readonly string[] =>
  typeof errors === 'string'
    ? [errors]
    : typeof errors === 'object' && errors !== null
      ? Object.values(errors).map((one) => showValue(one as Json))
      : []

type TabId = 'output' | 'changes' | 'effects' | 'errors' | 'params' | 'input'

interface OutcomeProps {
  readonly attempt: Attempt
  readonly execution: ModuleExecution
  readonly chosen: TabId | null
  readonly choose: (tab: TabId) => void
}

function Outcome({ attempt, execution, chosen, choose }: OutcomeProps) {
  const inAnswers = execution.effects.flatMap(({ effect, answer }) => answerProblem(effect, answer) ?? [])
  const errors = [...errorTexts(execution.errors), ...new Set(inAnswers)]
  const problems = errors.length + (execution.throwable ? 1 : 0)
  const effects = execution.effects.length + execution.worldChanges.length
  const tab = chosen ?? (problems > 0 && !execution.success ? 'errors' : 'output')
  const tabs: readonly { readonly id: TabId; readonly label: string; readonly count?: number }[] = [
    { id: 'output', label: 'Output' },
    { id: 'changes', label: 'Changes' },
    { id: 'effects', label: 'Effects', count: effects },
    { id: 'errors', label: 'Errors', count: problems },
    { id: 'params', label: 'Parameters' },
    { id: 'input', label: 'Input' }
  ]
  return (
    <div className="column">
      <div className="result-head" role="status" aria-label="Outcome">
        <Badge attempt={attempt} />
        {execution.branch && <span className="muted">continues at {execution.branch}</span>}
        <span>
          {formatMs(execution.ms)} <span className="muted">in the engine</span>
        </span>
        <span className="muted">{formatMs(attempt.took)} in all</span>
        {execution.message && <span className="ellipsis grow">{execution.message}</span>}
      </div>
      <div className="tabs" role="tablist" aria-label="Result">
        {tabs.map((one) => (
          <button key={one.id} role="tab" aria-selected={tab === one.id} onClick={() => choose(one.id)}>
            {one.label}
            {one.count !== undefined && one.count > 0 && <span className="count">{one.count}</span>}
          </button>
        ))}
      </div>
      <div
        className="grow"
        role="tabpanel"
        aria-label={tabs.find((one) => one.id === tab)?.label}
        style={{ minHeight: 0 }}
      >
        {tab === 'changes' && <Changes runId={execution.runId} />}
        {tab === 'effects' && <Effects execution={execution} />}
        {tab === 'errors' && <Errors execution={execution} errors={errors} />}
        {(tab === 'output' || tab === 'params' || tab === 'input') && <Value runId={execution.runId} which={tab} />}
      </div>
    </div>
  )
}

/** The parameters' secrets are dots until somebody asks for them. */
function Value({ runId, which }: { runId: string; which: 'output' | 'params' | 'input' }) {
  const [secrets, setSecrets] = useState(false)
  const source = useStepSource(runId, 1, which, secrets)
  const label = which === 'output' ? 'Output' : which === 'params' ? 'Parameters as used' : 'Input as executed'
  return (
    <div className="column">
      {which === 'params' && <ShowSecrets on={secrets} change={setSecrets} />}
      <div className="grow" style={{ minHeight: 0 }}>
        <JsonTree key={source.key} source={source} label={label} />
      </div>
    </div>
  )
}

function Changes({ runId }: { runId: string }) {
  const answer = useAnswer('run.changes', { runId, step: 1, limit: 500 })
  if (!answer) return <Loading label="Comparing" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  if (answer.data.total === 0)
    return <EmptyState title="No changes">The module did not change the roaming data.</EmptyState>
  return <ChangeList answer={answer.data} />
}

function Effects({ execution }: { execution: ModuleExecution }) {
  const { effects, worldChanges } = execution
  if (effects.length + worldChanges.length === 0)
    return <EmptyState title="No effects">The module sent nothing and changed nothing in MISP’s database.</EmptyState>
  return (
    <ul
      className="scroll"
      style={{ margin: 0, padding: 0, listStyle: 'none', height: '100%' }}
      aria-label="Effects"
      tabIndex={0}
    >
      {worldChanges.map((change, i) => (
        <WorldChangeRow key={`world-${i}`} change={change} />
      ))}
      {effects.map((item, i) => (
        <EffectBlock key={i} item={item} />
      ))}
    </ul>
  )
}

/** A row of MISP's database as the module left it. */
function WorldChangeRow({ change }: { change: WorldChange }) {
  return (
    <li className="effect">
      <b>
        {change.table}
        {change.op === 'changed' ? ` ${change.id}` : ''}
      </b>{' '}
      <span className={`tag ${change.op === 'added' ? 'ok' : change.op === 'removed' ? 'blocked' : 'mock'}`}>
        {change.op} in MISP’s database
      </span>
      <dl className="props" style={{ marginTop: 5 }}>
        {change.op === 'changed'
          ? Object.entries(change.fields).map(([column, [before, after]]) => (
              <div key={column} style={{ display: 'contents' }}>
                <dt>{column}</dt>
                <dd className="mono">
                  {showValue(before) || '""'} → {showValue(after) || '""'}
                </dd>
              </div>
            ))
          : Object.entries(change.row).map(([column, value]) => (
              <div key={column} style={{ display: 'contents' }}>
                <dt>{column}</dt>
                <dd className="mono">{showValue(value)}</dd>
              </div>
            ))}
      </dl>
    </li>
  )
}

function Errors({ execution, errors }: { execution: ModuleExecution; errors: readonly string[] }) {
  const { throwable } = execution
  if (errors.length === 0 && !throwable)
    return <EmptyState title="No errors">The module reported no errors.</EmptyState>
  return (
    <div className="scroll" style={{ height: '100%' }} tabIndex={0} aria-label="Errors">
      {throwable && (
        <div className="execute-error">
          <b className="mono">{throwable.class}</b>: {throwable.message}
          {throwable.hint && <div>{throwable.hint}</div>}
        </div>
      )}
      {errors.map((text, i) => (
        <div key={i} className="execute-error">
          {text}
        </div>
      ))}
    </div>
  )
}
