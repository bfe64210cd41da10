import { useMemo, useState } from 'react'
import type { KeyboardEvent } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import type { DataSource } from '../../../contract/operations.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { FilterBench } from '../../components/hash-path/filter-bench.tsx'
import { HashBench, pathBelow } from '../../components/hash-path/hash-bench.tsx'
import { HashPathField } from '../../components/hash-path/hash-path-field.tsx'
import { readsOne } from '../../components/hash-path/readings.ts'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import { hashPath } from '../../components/json-tree/tree-model.ts'
import { Panes } from '../../components/panes.tsx'
import { NodeFilters } from '../../components/param-form/node-filters.tsx'
import { anyFrom, filterOperators, textOf } from '../../components/param-form/param-options.ts'
import { valueSource } from '../../components/value-source.ts'
import { toast } from '../../stores/app.ts'
import { navigate } from '../../stores/router.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { readView, ViewChooser, viewQuery, viewSource } from './data-page.tsx'
import type { ViewOfData } from './data-page.tsx'

const startFilter: JsonMap = { selector: 'Event._AttributeFlattened.{n}', path: '', operator: 'in', value: '' }

/** The hash path bench: a path or a node filter over real data, with the data beside it to pick from. */
export function HashView({ dataId, query }: { dataId: string; query: ReadonlyMap<string, string> }) {
  const answer = useAnswer('data.get', { dataId })
  const [view, setView] = useState(() => ({ ...readView(query), trigger: query.get('as') ?? null }))
  const [path, setPath] = useState(query.get('path') ?? '')
  const [mode, setMode] = useState<'path' | 'filter'>(query.get('mode') === 'filter' ? 'filter' : 'path')
  const [filters, setFilters] = useState<JsonMap>(startFilter)
  const [operator, setOperator] = useState('in')
  const [reveal, setReveal] = useState<ValuePath | null>(null)
  const key = JSON.stringify(view)
  const data = useMemo(() => viewSource(dataId, view), [dataId, key])
  const source = useMemo(() => valueSource(data), [data])
  useTitle(answer?.ok ? `Hash paths in ${answer.data.name}` : null)
  if (!answer) return <Loading label="Opening data" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const change = (next: ViewOfData) => {
    setView(next)
    // What the view was opened with stays, so that it is the same view.
    navigate(['data', dataId, 'hash'], { ...viewQuery(next), path: query.get('path'), mode: query.get('mode') }, true)
  }
  const pick = (at: ValuePath) => {
    if (mode === 'path') return setPath(hashPath(at) ?? path)
    const below = pathBelow(at, textOf(filters['selector']))
    if (below !== null) setFilters({ ...filters, path: below })
  }
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Hash path tester">
        <a className="btn quiet" href={`#/data/${encodeURIComponent(dataId)}`}>
          ‹ {answer.data.name}
        </a>
        <h1>Hash path tester</h1>
        <Modes mode={mode} onChange={setMode} />
        <span className="grow" />
        <ViewChooser dataId={dataId} view={view} onChange={change} />
      </div>
      {view.trigger === null && (
        <div className="banner info">
          Workflows with a MISP core format trigger get normalized data that contains{' '}
          <code className="mono">Event._AttributeFlattened</code> .
          <button className="btn" onClick={() => change({ ...view, trigger: 'event-publish' })}>
            Show as passed to event-publish
          </button>
        </div>
      )}
      <div className="grow" style={{ minHeight: 0 }}>
        <Panes
          name="hash-bench"
          direction="row"
          panes={[
            {
              id: 'bench',
              size: 55,
              min: 30,
              content: (
                <section
                  className="scroll bench-pane"
                  aria-label={mode === 'path' ? 'Path' : 'Node filter'}
                  style={{ height: '100%' }}
                >
                  {mode === 'path' ? (
                    <PathBench
                      data={data}
                      path={path}
                      operator={operator}
                      onPath={setPath}
                      onOperator={setOperator}
                      onReveal={setReveal}
                    />
                  ) : (
                    <>
                      <NodeFilters filters={filters} disabled={false} onChange={setFilters} data={data} bench={false} />
                      <div style={{ marginTop: 10 }}>
                        <FilterBench data={data} filters={filters} onReveal={setReveal} />
                      </div>
                    </>
                  )}
                </section>
              )
            },
            {
              id: 'data',
              size: 45,
              min: 25,
              content: (
                <section className="column" aria-label="Data">
                  <p className="bench-hint">
                    {mode === 'path' ? 'Click a value to use its path.' : 'Click a value in an item to use its path.'}
                  </p>
                  <div className="grow" style={{ minHeight: 0 }}>
                    <JsonTree key={source.key} source={source} label="Data" reveal={reveal} onPick={pick} />
                  </div>
                </section>
              )
            }
          ]}
        />
      </div>
    </div>
  )
}

function PathBench({
  data,
  path,
  operator,
  onPath,
  onOperator,
  onReveal
}: {
  data: DataSource
  path: string
  operator: string
  onPath: (path: string) => void
  onOperator: (operator: string) => void
  onReveal: (at: ValuePath) => void
}) {
  const copy = () => void navigator.clipboard.writeText(path).then(() => toast('Copied'))
  return (
    <>
      <div className="bench-line">
        <div className="grow">
          <HashPathField
            id="bench-path"
            label="Hash path"
            placeholder="Event.Tag.{n}.name"
            value={path}
            onChange={onPath}
            operator={operator}
            data={data}
            bare
          />
        </div>
        <label className="sr-only" htmlFor="bench-operator">
          Operator
        </label>
        <select
          id="bench-operator"
          className="field"
          title="The condition’s operator decides between get and extract"
          value={operator}
          onChange={(event) => onOperator(event.target.value)}
        >
          {filterOperators
            .filter((one) => one.value !== '')
            .concat([anyFrom])
            .map((one) => (
              <option key={one.value} value={one.value}>
                {one.label} ({readsOne(one.value) ? 'get' : 'extract'})
              </option>
            ))}
        </select>
        <button className="btn" disabled={path === ''} onClick={copy}>
          Copy
        </button>
      </div>
      <HashBench data={data} path={path.replace(/\.$/, '')} operator={operator} onReveal={onReveal} />
    </>
  )
}

function Modes({ mode, onChange }: { mode: 'path' | 'filter'; onChange: (mode: 'path' | 'filter') => void }) {
  const all = [
    { id: 'path', label: 'Path' },
    { id: 'filter', label: 'Node filter' }
  ] as const
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    onChange(mode === 'path' ? 'filter' : 'path')
  }
  return (
    <div className="chips" role="radiogroup" aria-label="What to test" onKeyDown={onKeyDown}>
      {all.map((one) => (
        <button
          key={one.id}
          role="radio"
          className="chip"
          aria-checked={mode === one.id}
          aria-pressed={undefined}
          onClick={() => onChange(one.id)}
        >
          {one.label}
        </button>
      ))}
    </div>
  )
}
