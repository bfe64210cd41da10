import { effectPolicies } from '../../../contract/effects.ts'
import type { EffectOptions, EffectPolicy } from '../../../contract/effects.ts'
import type { RunSummary } from '../../../contract/run-views.ts'
import { formatTime } from '../format.ts'
import { plural } from '../../../contract/words.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import type { EffectfulNode } from './effectful-nodes.ts'
import { SelectRow } from '../form-row.tsx'
import './policies.css'

const policyTexts: Record<EffectPolicy, { readonly label: string; readonly text: string }> = {
  record: { label: 'Dry run', text: 'Nothing leaves this machine; actions get an assumed response.' },
  mock: { label: 'Mock', text: 'Actions get responses from a mock set; nothing leaves this machine.' },
  recorded: {
    label: 'Recorded',
    text: 'Actions get responses of an earlier run or imported ones; nothing leaves this machine.'
  },
  live: { label: 'Live', text: 'Requests, mails and messages are really sent. Asks once before the run.' }
}

export type Choices = Pick<EffectOptions, 'policy' | 'modules' | 'nodes' | 'recordedFrom'>

const policiesIn = ({ policy, modules, nodes }: Choices): readonly (EffectPolicy | undefined)[] => [
  policy,
  ...Object.values(modules ?? {}),
  ...Object.values(nodes ?? {})
]
export const goesLive = (choices: Choices): boolean => policiesIn(choices).includes('live')
const usesRecorded = (choices: Choices): boolean => policiesIn(choices).includes('recorded')

const without = <T,>(map: Record<string, T> | undefined, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(map ?? {}).filter(([name]) => name !== key))

function PolicySelect({
  label,
  value,
  inherited,
  onChange
}: {
  label: string
  value: EffectPolicy | undefined
  inherited: EffectPolicy
  onChange: (next: EffectPolicy | undefined) => void
}) {
  return (
    <select
      className={`field policy-select ${value ?? ''}`}
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : (event.target.value as EffectPolicy))}
    >
      <option value="">as above: {policyTexts[inherited].label.toLowerCase()}</option>
      {effectPolicies.map((policy) => (
        <option key={policy} value={policy}>
          {policyTexts[policy].label}
        </option>
      ))}
    </select>
  )
}

/** One row a module, one a node: what is not chosen is as the row above says. */
function Overrides({
  value,
  onChange,
  nodes
}: {
  value: Choices
  onChange: (next: Choices) => void
  nodes: readonly EffectfulNode[]
}) {
  const run = value.policy ?? 'record'
  const modules = [...new Set(nodes.map((node) => node.moduleId))]
  const setModule = (id: string, policy: EffectPolicy | undefined) =>
    onChange({ ...value, modules: { ...without(value.modules, id), ...(policy ? { [id]: policy } : {}) } })
  const setNode = (id: number, policy: EffectPolicy | undefined) =>
    onChange({ ...value, nodes: { ...without(value.nodes, String(id)), ...(policy ? { [id]: policy } : {}) } })
  return (
    <table className="overrides">
      <thead className="sr-only">
        <tr>
          <th scope="col">Module or node</th>
          <th scope="col">Policy</th>
        </tr>
      </thead>
      {modules.map((moduleId) => (
        <tbody key={moduleId}>
          <tr>
            <th scope="row" className="mono">
              {moduleId}
            </th>
            <td>
              <PolicySelect
                label={`Policy of module ${moduleId}`}
                value={value.modules?.[moduleId]}
                inherited={run}
                onChange={(next) => setModule(moduleId, next)}
              />
            </td>
          </tr>
          {nodes
            .filter((node) => node.moduleId === moduleId)
            .map((node) => (
              <tr key={node.nodeId}>
                <th scope="row" className="node">
                  {node.name} <span className="muted">· {node.nodeId}</span>
                </th>
                <td>
                  <PolicySelect
                    label={`Policy of node ${node.nodeId}`}
                    value={value.nodes?.[String(node.nodeId)]}
                    inherited={value.modules?.[moduleId] ?? run}
                    onChange={(next) => setNode(node.nodeId, next)}
                  />
                </td>
              </tr>
            ))}
        </tbody>
      ))}
    </table>
  )
}

const runLabel = (run: RunSummary): string =>
  `${run.name ?? run.workflowName ?? run.trigger}, ${formatTime(run.startedAt)} (${plural(run.effects, 'effect')})`

function RecordedFrom({
  value,
  onChange,
  again
}: {
  value: Choices
  onChange: (next: Choices) => void
  again: boolean
}) {
  const answer = useAnswer('runs.list', { filter: {}, limit: 100 })
  const runs = answer?.ok ? answer.data.runs.filter((run) => run.effects > 0 || run.origin === 'captured') : []
  return (
    <div style={{ marginTop: 8 }}>
      <SelectRow
        id="recorded-from"
        label="Recorded responses from"
        value={value.recordedFrom ?? ''}
        onChange={(recordedFrom) => {
          const { recordedFrom: _was, ...rest } = value
          onChange(recordedFrom === '' ? rest : { ...rest, recordedFrom })
        }}
      >
        <option value="">{again ? 'the original run, and imported responses' : 'imported responses'}</option>
        {runs.map((run) => (
          <option key={run.id} value={run.id}>
            {runLabel(run)}
          </option>
        ))}
      </SelectRow>
    </div>
  )
}

/** Who answers what the workflow’s actions ask for: for the run, by module, by node. */
export function PolicyFields({
  value,
  onChange,
  nodes,
  again
}: {
  value: Choices
  onChange: (next: Choices) => void
  nodes: readonly EffectfulNode[]
  again: boolean
}) {
  const own = Object.keys(value.modules ?? {}).length + Object.keys(value.nodes ?? {}).length
  return (
    <div className="section">
      <h2 id="policies">Side effects</h2>
      <div role="radiogroup" aria-labelledby="policies" className="policies">
        {effectPolicies.map((policy) => (
          <label key={policy} className={`policy ${policy}${(value.policy ?? 'record') === policy ? ' on' : ''}`}>
            <input
              type="radio"
              name="policy"
              checked={(value.policy ?? 'record') === policy}
              onChange={() => onChange({ ...value, policy })}
            />
            <span>
              <b>{policyTexts[policy].label}</b> {policyTexts[policy].text}
            </span>
          </label>
        ))}
      </div>
      {usesRecorded(value) && <RecordedFrom value={value} onChange={onChange} again={again} />}
      {nodes.length > 0 && (
        <details className="fold" open={own > 0 || undefined}>
          <summary>
            Per module and node
            {own > 0 && <span className="tag mock">{own} with their own policy</span>}
          </summary>
          <Overrides value={value} onChange={onChange} nodes={nodes} />
        </details>
      )}
    </div>
  )
}
