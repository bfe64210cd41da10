import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { JsonMap } from '../../../contract/json.ts'
import type { DataSource, RunOptionsInput, WorkflowSource } from '../../../contract/operations.ts'
import { client } from '../../client/client.ts'
import { EmptyState, Loading } from '../../components/empty-state.tsx'
import { formatBytes } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { JsonEditor } from '../../components/json-editor.tsx'
import { app, showFailure } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { library } from '../../stores/library.ts'
import { navigate } from '../../stores/router.ts'
import { useAnswer } from '../run/use-answer.ts'
import { OptionFields, parseOptions } from './run-options.tsx'
import type { OptionTexts } from './run-options.tsx'
import { emptyOptions } from './run-options.tsx'

/** Bigger data is run as it is: as text it would have to come into the window whole. */
const editLimit = 4_000_000

type Source = { readonly kind: 'again' } | { readonly kind: 'data'; readonly id: string } | { readonly kind: 'paste' }

/** The text of the data that will be run, where it is small enough to be edited. */
function useOriginal(
  source: Source,
  again: string | undefined
): { readonly text: string | null; readonly loading: boolean; readonly tooLarge: boolean } {
  const [state, setState] = useState<{ text: string | null; loading: boolean; tooLarge: boolean }>({
    text: null,
    loading: false,
    tooLarge: false
  })
  const key = source.kind === 'data' ? `data/${source.id}` : source.kind === 'again' ? `run/${again ?? ''}` : 'paste'
  useEffect(() => {
    let wanted = true
    const set = (next: typeof state) => wanted && setState(next)
    const load = async () => {
      if (source.kind === 'paste') return set({ text: '', loading: false, tooLarge: false })
      set({ text: null, loading: true, tooLarge: false })
      const answer =
        source.kind === 'data'
          ? await client.call('data.text', { dataId: source.id })
          : await client.call('run.text', { runId: again ?? '', step: 0, which: 'original', path: [] })
      if (!answer.ok || answer.data.text.length > editLimit) return set({ text: null, loading: false, tooLarge: true })
      set({ text: pretty(answer.data.text), loading: false, tooLarge: false })
    }
    void load()
    return () => {
      wanted = false
    }
  }, [key])
  return state
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

export default function RunSetup({ query }: { query: ReadonlyMap<string, string> }) {
  const { workflows, data } = useStore(library)
  const again = query.get('again')
  const original = useAnswer('runs.get', { runId: again ?? 'none' })
  const [workflowId, setWorkflowId] = useState(query.get('workflow') ?? (again ? 'again' : ''))
  const [source, setSource] = useState<Source>(
    query.get('data') ? { kind: 'data', id: query.get('data') ?? '' } : again ? { kind: 'again' } : { kind: 'paste' }
  )
  const [edited, setEdited] = useState<string | null>(null)
  const [showDiff, setShowDiff] = useState(false)
  const [options, setOptions] = useState<OptionTexts>(emptyOptions)
  const [starting, setStarting] = useState(false)
  const text = useOriginal(source, again)
  const current = edited ?? text.text ?? ''
  const changed = edited !== null && edited !== text.text
  useEffect(() => setEdited(null), [source.kind, source.kind === 'data' ? source.id : ''])

  const jsonError = useMemo(() => {
    if (current === '')
      return source.kind === 'paste'
        ? 'Paste the trigger’s data: an event as MISP exports it, or any JSON object.'
        : null
    try {
      const value: unknown = JSON.parse(current)
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? null
        : 'The data is not a JSON object.'
    } catch (error) {
      return error instanceof Error ? error.message : 'Not JSON.'
    }
  }, [current, source.kind])

  const start = async (mode: 'run' | 'paused') => {
    const parsed = parseOptions(options)
    if (typeof parsed === 'string') return showFailure({ code: 'INPUT_NOT_JSON', message: parsed })
    const workflow: WorkflowSource | null =
      workflowId === 'again' && again ? { runId: again } : workflowId ? { workflowId } : null
    if (!workflow) return showFailure({ code: 'PARAMS_INVALID', message: 'Choose a workflow first.' })
    const dataSource: DataSource =
      changed || source.kind === 'paste'
        ? { json: JSON.parse(current) as JsonMap }
        : source.kind === 'data'
          ? { dataId: source.id }
          : { runId: again ?? '', step: 0, which: 'original' }
    setStarting(true)
    const answer = await client.call('run.start', {
      workflow,
      data: dataSource,
      options: parsed as RunOptionsInput,
      mode,
      ...(again ? { parent: again } : {})
    })
    setStarting(false)
    if (!answer.ok) return showFailure(answer.error)
    navigate(['runs', answer.data.runId])
  }
  useEffect(() =>
    addCommands([{ id: 'setup.run', title: 'Run it', group: 'Run', keys: 'mod+enter', run: () => void start('run') }])
  )
  const writable = useStore(app, (state) => state.workspace?.writable ?? true)
  if (!workflows || !data) return <Loading />
  const summary = original?.ok ? original.data.summary : null
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Run a workflow">
        <h1>{again ? 'Run again' : 'Run a workflow'}</h1>
        {summary && (
          <span className="muted ellipsis">
            {summary.workflowName ?? summary.trigger} · {summary.event?.info}
          </span>
        )}
        <span className="grow" />
        {changed && <span className="tag mock">data edited</span>}
        {changed && (
          <button className="btn" aria-pressed={showDiff} onClick={() => setShowDiff(!showDiff)}>
            <Icon name="compare" /> Diff
          </button>
        )}
        {changed && (
          <button className="btn" onClick={() => setEdited(null)}>
            Undo edits
          </button>
        )}
        <button
          className="btn"
          disabled={starting || (jsonError !== null && !text.tooLarge)}
          onClick={() => void start('paused')}
          title="Stops before the first node"
        >
          <Icon name="forward-step" /> Step
        </button>
        <button
          className="btn primary"
          disabled={starting || !writable || (jsonError !== null && !text.tooLarge)}
          onClick={() => void start('run')}
          title="Run (Ctrl+Enter)"
        >
          <Icon name="play" /> Run
        </button>
      </div>
      <div className="setup grow">
        <aside aria-label="What to run">
          <div className="section">
            <div className="form-row">
              <label htmlFor="setup-workflow">Workflow</label>
              <select
                id="setup-workflow"
                className="field"
                value={workflowId}
                onChange={(event) => setWorkflowId(event.target.value)}
              >
                {again ? <option value="again">The workflow of that run</option> : <option value="">Choose…</option>}
                {workflows.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name} ({one.trigger ?? 'no trigger'})
                  </option>
                ))}
              </select>
            </div>
            <div className="form-row">
              <label htmlFor="setup-data">Data</label>
              <select
                id="setup-data"
                className="field"
                value={source.kind === 'data' ? source.id : source.kind}
                onChange={(event) =>
                  setSource(
                    event.target.value === 'again' || event.target.value === 'paste'
                      ? { kind: event.target.value }
                      : { kind: 'data', id: event.target.value }
                  )
                }
              >
                {again && <option value="again">The data of that run</option>}
                <option value="paste">Paste or type</option>
                {data.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name} ({formatBytes(one.size)})
                  </option>
                ))}
              </select>
            </div>
          </div>
          <OptionFields value={options} onChange={setOptions} />
        </aside>
        <section className="column" aria-label="Data">
          {jsonError && !text.loading && !text.tooLarge && <div className="banner warn">{jsonError}</div>}
          <div className="grow" style={{ minHeight: 0 }}>
            {text.loading ? (
              <Loading label="Loading data" />
            ) : text.tooLarge ? (
              <EmptyState title="Too large to edit here">
                It is run as it is. To change a value, edit a copy of the file, or step and replace the roaming data.
              </EmptyState>
            ) : (
              <JsonEditor
                value={current}
                onChange={setEdited}
                label="Data of the trigger"
                original={showDiff ? text.text : null}
                placeholder='{"Event": {…}}'
              />
            )}
          </div>
        </section>
      </div>
    </div>
  )
}
