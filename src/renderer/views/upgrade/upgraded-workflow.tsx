import { sameWords } from '../../../contract/upgrade.ts'
import type { UpgradeGroup, UpgradeModule, UpgradeRule, UpgradeWorkflow } from '../../../contract/upgrade.ts'
import { plural, wordFor } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { buildHash } from '../../stores/router.ts'

const nodeLink = (workflowId: string | null, nodeId: number) =>
  workflowId === null ? (
    `node ${nodeId}`
  ) : (
    <a href={buildHash(['workflows', workflowId], { node: String(nodeId) })}>node {nodeId}</a>
  )

/** One workflow: how its runs end, then what is told without running it. */
export function UpgradedWorkflow({ workflow, to }: { workflow: UpgradeWorkflow; to: string }) {
  const { id, name, groups, same, refused } = workflow
  const others = groups.reduce((sum, { count }) => sum + count, 0)
  return (
    <section className="section upgraded" aria-label={name}>
      <h2>
        {id === null ? name : <a href={buildHash(['workflows', id])}>{name}</a>}
        <span className={`tag ${others > 0 ? 'failure' : 'ok'}`}>
          {others > 0 ? plural(others, 'run differs', 'runs differ') : 'no run differs'}
        </span>
      </h2>
      {groups.length > 0 && <Groups id={id} groups={groups} />}
      <p className="muted">
        {same + others === 0 ? 'There is no data set or run to try it on.' : same > 0 ? `${sameWords(workflow)}.` : ''}
        {refused > 0 && ` ${plural(refused, 'data set or run is', 'data sets and runs are')} no input for it.`}
      </p>
      <Said workflow={workflow} to={to} />
    </section>
  )
}

function Groups({ id, groups }: { id: string | null; groups: readonly UpgradeGroup[] }) {
  return (
    <table className="plain-table upgrade-groups" aria-label="Runs that differ">
      <thead>
        <tr>
          <th scope="col">Runs</th>
          <th scope="col">First at</th>
          <th scope="col">Now</th>
          <th scope="col">Then</th>
          <th scope="col">Because of</th>
          <th scope="col">For example</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={`${group.nodeId} ${group.before} ${group.after} ${JSON.stringify([group.rules, group.endRules])}`}>
            <td className="mono">{group.count}</td>
            <td>{group.nodeId === null ? 'the start or end' : nodeLink(id, group.nodeId)}</td>
            <td>{group.before}</td>
            <td>{group.after}</td>
            <td>
              <Causes group={group} />
            </td>
            <td className="upgrade-examples">
              {group.examples.slice(0, 2).map((one) => (
                <div key={one} className="ellipsis" title={one}>
                  {one}
                </div>
              ))}
              {group.count > 2 && <span className="muted">and {group.count - 2} more</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Causes({ group }: { group: UpgradeGroup }) {
  const { rules, endRules } = group
  if (rules.length === 0) return <span className="muted">could not be told</span>
  return (
    <>
      <Rules rules={rules} />
      {endRules === null ? (
        <div className="muted">Why it also ends differently could not be told.</div>
      ) : (
        endRules.length > 0 && (
          <>
            <div>That it ends differently also takes:</div>
            <Rules rules={endRules} />
          </>
        )
      )}
    </>
  )
}

const Rules = ({ rules }: { rules: readonly UpgradeRule[] }) =>
  rules.map(({ name, text }) => (
    <div key={text}>
      <b>{name}</b>
      <div className="muted">{text}</div>
    </div>
  ))

const changeOf = ({ state, before, after }: UpgradeModule): string =>
  state === 'changed' && before !== after ? `version ${before} → ${after}` : state

function Said({
  workflow: { id, modules, goneParams, warnings, warningsGone },
  to
}: {
  workflow: UpgradeWorkflow
  to: string
}) {
  if (modules.length + goneParams.length + warnings.length + warningsGone.length === 0)
    return <p className="muted">Its modules and what the editor says of it stay the same.</p>
  return (
    <ul className="plain upgrade-said">
      {modules.map((one) => (
        <li key={`m${one.nodeId}`}>
          <Icon name="puzzle-piece" />
          <span>
            {nodeLink(id, one.nodeId)} <span className="mono">{one.moduleId}</span>: {changeOf(one)}.{' '}
            <span className="muted">{one.rules.map(({ text }) => text).join(' ')}</span>
          </span>
        </li>
      ))}
      {goneParams.map(({ nodeId, moduleId, params }) => (
        <li key={`p${nodeId}`}>
          <Icon name="triangle-exclamation" />
          <span>
            {nodeLink(id, nodeId)} <span className="mono">{moduleId}</span>: MISP {to} ignores{' '}
            {wordFor(params.length, 'the parameter', 'the parameters')}{' '}
            <span className="mono">{params.join(', ')}</span>.
          </span>
        </li>
      ))}
      {warnings.map(({ message }) => (
        <li key={`w${message}`}>
          <Icon name="triangle-exclamation" /> <span>{message}</span>
        </li>
      ))}
      {warningsGone.map(({ message }) => (
        <li key={`g${message}`} className="muted">
          <Icon name="check" /> <span>No more: {message}</span>
        </li>
      ))}
    </ul>
  )
}
