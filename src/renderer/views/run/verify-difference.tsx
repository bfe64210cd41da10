// The first difference between MISP's run and an offline one.
import type { Json } from '../../../contract/json.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import type { VerifyDifference } from '../../../contract/verify.ts'
import { Icon } from '../../components/icons.tsx'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { kindLabels } from '../../components/verdict.ts'
import { jumps } from '../../stores/jumps.ts'
import { goToStep } from './selection.ts'

/** Characters of a value that are shown; the whole one is a jump away. */
const mostShown = 600

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text
}

const Value = ({ value }: { value: Json }) =>
  value === null ? <span className="muted">nothing</span> : <code>{value === '' ? '""' : shown(value)}</code>

/** Where the inspector has what differs; null: a difference of the way. */
function placeOf({ kind, path }: VerifyDifference): { readonly tab: string; readonly path: ValuePath | null } | null {
  if (kind === 'data') return { tab: 'output', path: path ? keysOf(path) : null }
  if (kind === 'parameter') return { tab: path?.startsWith('filters') ? 'filters' : 'parameters', path: null }
  return kind === 'errors' || kind === 'outcome' || kind === 'module' ? { tab: 'errors', path: null } : null
}

const keysOf = (path: string): ValuePath => path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key))

const placeLabels: Readonly<Record<string, string>> = {
  ...{ output: 'Show the value', parameters: 'Show the parameters', filters: 'Show the filter' },
  errors: 'Show the errors'
}

export function Difference({ detail, first }: { detail: RunDetail; first: VerifyDifference }) {
  const { step, nodeId, moduleId, kind, path, expected, actual, cause, condition, job, visit } = first
  const runId = detail.summary.id
  const place = placeOf(first)
  const name = step === null || step === 0 ? null : detail.steps[step - 1]?.name || moduleId
  const jump = (tab: string, to: ValuePath | null) => {
    if (step === null) return
    jumps.setState({ jump: { runId, step, tab, path: to } })
    goToStep(runId, step)
  }
  return (
    <div className="verify-difference">
      <p>
        <Sentence text={cause.text} />
      </p>
      <dl className="props">
        <dt>Where</dt>
        <dd>
          {step === null ? (
            'At the end of the run'
          ) : (
            <button className="chain-link" onClick={() => jump('summary', null)}>
              {step === 0 ? 'Trigger data' : `Step ${step}: ${name}`}
            </button>
          )}
          {nodeId !== null && <span className="muted"> node {nodeId}</span>}
          {visit > 1 && <span className="muted">, visit {visit}</span>}
          {job > 0 && <span className="muted">, concurrent branch {job}</span>}
        </dd>
        <dt>Kind</dt>
        <dd>{kindLabels[kind]}</dd>
        {path !== null && path !== '' && (
          <>
            <dt>Path</dt>
            <dd className="mono">{path}</dd>
          </>
        )}
        <dt>MISP</dt>
        <dd className="verify-value">
          <Value value={expected} />
        </dd>
        <dt>Offline</dt>
        <dd className="verify-value">
          <Value value={actual} />
        </dd>
        {condition && (
          <>
            <dt>Condition</dt>
            <dd>
              <ul className="verify-facts">
                {condition.facts.map(({ name: fact, value }) => (
                  <li key={fact}>
                    <span className="muted">{fact}</span> <code>{value === '' ? '""' : value}</code>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
      {step !== null && (
        <div className="verify-jumps">
          <button className="btn" onClick={() => jump('summary', null)}>
            <Icon name="eye" /> {step === 0 ? 'Show the trigger data' : `Show step ${step}`}
          </button>
          {place && (
            <button className="btn" onClick={() => jump(place.tab, place.path)}>
              <Icon name="search" /> {placeLabels[place.tab]}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
