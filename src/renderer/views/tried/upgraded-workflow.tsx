import type { VersionRule } from '../../../contract/profiles.ts'
import type { UpgradeGroup, UpgradeModule, UpgradeWorkflow } from '../../../contract/upgrade.ts'
import { plural, wordFor } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { buildHash } from '../../stores/router.ts'
import { GroupsTable } from './groups-table.tsx'
import { Rest } from './rest.tsx'
import { NodeLink } from './tried-frame.tsx'

/** One workflow: how its runs end, then what is told without running it. */
export function UpgradedWorkflow({ workflow, to }: { workflow: UpgradeWorkflow; to: string }) {
  const { id, name, groups, refused } = workflow
  const others = groups.reduce((sum, { count }) => sum + count, 0)
  return (
    <section className="section tried-report" aria-label={name}>
      <h2>
        {id === null ? name : <a href={buildHash(['workflows', id])}>{name}</a>}
        <span className={`tag ${others > 0 ? 'failure' : 'ok'}`}>
          {others > 0 ? plural(others, 'run goes differently', 'runs go differently') : 'no run goes differently'}
        </span>
      </h2>
      {groups.length > 0 && (
        <GroupsTable
          label="Runs that go differently"
          workflowId={id}
          groups={groups}
          heads={['Now', 'Then', 'Because of']}
          why={(group) => <Causes group={group} />}
          example={(group) => <Examples group={group} />}
        />
      )}
      <Rest
        report={workflow}
        none="There is no data set or run to try it on."
        leftOut={`${plural(refused, 'data set or run is', 'data sets and runs are')} no input for it.`}
      />
      <Said workflow={workflow} to={to} />
    </section>
  )
}

/** So many are named; of the others there is only the number. */
const mostNamed = 2

const Examples = ({ group: { examples, count } }: { group: UpgradeGroup }) => (
  <>
    {examples.slice(0, mostNamed).map((one) => (
      <div key={one} className="ellipsis" title={one}>
        {one}
      </div>
    ))}
    {count > mostNamed && <span className="muted">and {count - mostNamed} more</span>}
  </>
)

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

const Rules = ({ rules }: { rules: readonly VersionRule[] }) =>
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
    <ul className="plain tried-said">
      {modules.map((one) => (
        <li key={`m${one.nodeId}`}>
          <Icon name="puzzle-piece" />
          <span>
            <NodeLink workflowId={id} nodeId={one.nodeId} /> <span className="mono">{one.moduleId}</span>:{' '}
            {changeOf(one)}. <span className="muted">{one.rules.map(({ text }) => text).join(' ')}</span>
          </span>
        </li>
      ))}
      {goneParams.map(({ nodeId, moduleId, params }) => (
        <li key={`p${nodeId}`}>
          <Icon name="triangle-exclamation" />
          <span>
            <NodeLink workflowId={id} nodeId={nodeId} /> <span className="mono">{moduleId}</span>: MISP {to} ignores{' '}
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
