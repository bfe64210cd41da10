import { useStore } from 'zustand'
import type { ModuleDefinition, ParamDefinition } from '../../../contract/modules.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { formatMs, formatTime, outcomeLabel, outcomeTone } from '../../components/format.ts'
import { wordFor } from '../../../contract/words.ts'
import { Icon, moduleIcon } from '../../components/icons.tsx'
import { isHashPath, isTemplate, labelOf, optionsOf, textOf } from '../../components/param-form/param-options.ts'
import { Sentence } from '../../components/param-form/sentence.tsx'
import { Switch } from '../../components/switch.tsx'
import { addedNow, modulesNow } from '../../stores/added-modules.ts'
import { library } from '../../stores/library.ts'
import { enabledList, mispSettings, setEnabled } from '../../stores/misp-settings.ts'
import { buildHash, navigate } from '../../stores/router.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { kindOf } from './modules-list.tsx'

/** What a module is, where it is used, and what became of it lately. */
export function ModulePage({ moduleId }: { moduleId: string }) {
  const answer = useAnswer('modules.get', { moduleId })
  useTitle(answer?.ok ? answer.data.name : null)
  if (!answer) return <Loading label="Opening module" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const definition = answer.data
  return (
    <div className="column">
      <Head definition={definition} />
      <div className="scroll module-page" tabIndex={0} aria-label={`Module ${definition.name}`}>
        <div className="module-main">
          <About definition={definition} />
          <Parameters definition={definition} />
        </div>
        <aside className="module-side">
          <Facts definition={definition} />
          <UsedIn moduleId={moduleId} />
          <Recent moduleId={moduleId} />
        </aside>
      </div>
    </div>
  )
}

function Head({ definition }: { definition: ModuleDefinition }) {
  const modules = useStore(library, (state) => state.modules)
  const settings = useStore(mispSettings, (state) => state.settings)
  const list = enabledList(settings, 'enabled_modules')
  const all = (modules ?? []).filter((one) => one.module_type !== 'trigger').map((one) => one.id)
  return (
    <div className="toolbar" role="toolbar" aria-label="Module">
      <a className="btn quiet" href="#/modules">
        ‹ Modules
      </a>
      <Icon name={moduleIcon(definition.icon)} size={15} />
      <h1 className="ellipsis">{definition.name}</h1>
      <span className="mono muted">{definition.id}</span>
      <span className="tag">{definition.module_type}</span>
      {definition.blocking && <span className="tag accent">blocking</span>}
      <span className="grow" />
      {definition.module_type !== 'trigger' && (
        <>
          <label className="module-enabled">
            <Switch
              on={list === null || list.includes(definition.id)}
              assumed={list === null}
              label={`${definition.name} enabled`}
              onChange={(on) => void setEnabled('enabled_modules', [definition.id], on, all)}
            />
            enabled
          </label>
          <button className="btn primary" onClick={() => navigate(['modules', definition.id, 'execute'])}>
            <Icon name="play" /> Run this module…
          </button>
        </>
      )}
    </div>
  )
}

function About({ definition }: { definition: ModuleDefinition }) {
  const sentence = modulesNow().explain(definition.module_type, definition.id, addedNow())?.({ params: {} })
  return (
    <section className="section" aria-label="What it does">
      <p style={{ fontSize: 13 }}>{definition.description}</p>
      {sentence && (
        <p className="param-sentence" style={{ marginTop: 8 }}>
          <span className="muted">With default parameters: </span>
          <Sentence text={sentence.text} />
        </p>
      )}
      {definition.trigger_overhead_message && (
        <p className="muted" style={{ marginTop: 8 }}>
          {definition.trigger_overhead_message}
        </p>
      )}
    </section>
  )
}

function Facts({ definition }: { definition: ModuleDefinition }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Kind', kindOf(definition)],
    ['Version', definition.version],
    ['Blocking', definition.blocking ? 'yes: if it fails, the workflow stops' : 'no'],
    ['Core format', definition.expect_misp_core_format ? 'required' : 'not required'],
    ['Node filters', definition.support_filters ? 'supported' : 'not supported'],
    ['Inputs, outputs', `${definition.inputs}, ${definition.outputs}`],
    ...(definition.multiple_output_connection ? [['Connections', 'multiple per output'] as const] : [])
  ]
  return (
    <section className="section" aria-label="Facts">
      <h2>Facts</h2>
      <dl className="props">
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const marksOf = (param: ParamDefinition): string =>
  [
    isTemplate(param) && 'Jinja',
    isHashPath(param) && 'hash path',
    param['multiple'] === true && 'several values',
    param['picker_create_new'] === true && 'new values'
  ]
    .filter(Boolean)
    .join(', ')

const conditionOf = (param: ParamDefinition): string => {
  const on = param['display_on']
  if (typeof on !== 'object' || on === null || Array.isArray(on)) return ''
  return Object.entries(on)
    .map(([name, value]) => `${name} is ${Array.isArray(value) ? value.map(textOf).join(' or ') : textOf(value)}`)
    .join(' and ')
}

function Parameters({ definition }: { definition: ModuleDefinition }) {
  if (definition.params.length === 0)
    return (
      <section className="section">
        <h2>Parameters</h2>
        <p className="muted">This module has none.</p>
      </section>
    )
  return (
    <section className="section" aria-label="Parameters">
      <h2>Parameters</h2>
      <table className="kv module-params">
        <thead>
          <tr>
            <th>Name</th>
            <th>Type</th>
            <th>Default</th>
            <th>Options</th>
            <th>Shown when</th>
          </tr>
        </thead>
        <tbody>
          {definition.params.map((param) => {
            const options = optionsOf(param).filter((one) => one.value !== '')
            return (
              <tr key={param.id}>
                <th scope="row">
                  {labelOf(param)}
                  <div className="mono muted">{param.id}</div>
                </th>
                <td>
                  {param.type}
                  {marksOf(param) && <div className="muted">{marksOf(param)}</div>}
                </td>
                <td className="mono">{textOf(param['default'])}</td>
                <td>
                  {options.length > 0
                    ? options.map((one) => one.label || one.value).join(', ')
                    : param.type === 'picker' && <span className="muted">from MISP’s database</span>}
                </td>
                <td>{conditionOf(param)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function UsedIn({ moduleId }: { moduleId: string }) {
  const usage = useAnswer('modules.usage', {})
  if (!usage?.ok) return null
  const own = usage.data.filter((use) => use.moduleId === moduleId)
  return (
    <section className="section" aria-label="Used in">
      <h2>Used in this workspace</h2>
      {own.length === 0 && <p className="muted">Not used in any workflow.</p>}
      <ul className="plain-list">
        {own.map((use) => (
          <li key={use.workflowId}>
            <a href={buildHash(['workflows', use.workflowId])}>{use.workflowName}</a>{' '}
            <span className="muted">
              {wordFor(use.nodeIds.length, 'node')} {use.nodeIds.join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Recent({ moduleId }: { moduleId: string }) {
  const answer = useAnswer('runs.list', { filter: { module: moduleId }, limit: 12 })
  if (!answer?.ok) return null
  return (
    <section className="section" aria-label="Recent executions">
      <h2>Recent executions</h2>
      {answer.data.runs.length === 0 && <p className="muted">No run in this workspace executed it.</p>}
      <ul className="plain-list recent">
        {answer.data.runs.map((run) => (
          <li key={run.id}>
            <span className={`tag ${outcomeTone(run)}`}>{outcomeLabel(run)}</span>
            <a
              className="ellipsis"
              href={buildHash(['runs', run.id])}
              title={run.name ?? run.workflowName ?? run.trigger}
            >
              {run.name ?? run.workflowName ?? run.trigger}
            </a>
            <span className="muted">
              {formatTime(run.startedAt)} · {formatMs(run.durationMs)}
            </span>
          </li>
        ))}
      </ul>
      {answer.data.total > answer.data.runs.length && (
        <p className="muted">and {answer.data.total - answer.data.runs.length} more</p>
      )}
    </section>
  )
}
