import { useEffect, useState } from 'react'
import { client } from '../../client/client.ts'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import { DataEditor } from '../../components/quick-edit/data-editor.tsx'
import { completeMisp } from '../../components/misp-completion.ts'
import type { Failure } from '../../../contract/wire.ts'
import { showFailure, toast } from '../../stores/app.ts'
import { addCommands } from '../../stores/commands.ts'
import { library } from '../../stores/library.ts'
import { navigate } from '../../stores/router.ts'
import { readView, viewSource } from './data-page.tsx'

/** More would have to come into the window whole. */
const editLimit = 4_000_000

type Loaded =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly text: string }
  | { readonly state: 'large' }
  | { readonly state: 'failed'; readonly failure: Failure }

const errorOf = (text: string): string | null => {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : 'Invalid JSON.'
  }
}

/** A copy of a data set as text; saving adds a new data set and leaves the old one. `new` starts empty. */
export function DataEdit({ dataId, query }: { dataId: string; query: ReadonlyMap<string, string> }) {
  const fresh = dataId === 'new'
  const [loaded, setLoaded] = useState<Loaded>(
    fresh ? { state: 'ready', text: '{\n  "Event": {}\n}\n' } : { state: 'loading' }
  )
  const [text, setText] = useState<string | null>(null)
  const [name, setName] = useState(fresh ? 'New data' : '')
  const [diff, setDiff] = useState(false)
  useEffect(() => {
    if (fresh) return
    let wanted = true
    const known = library.getState().data?.find((one) => one.id === dataId)
    setName(`${(known?.name ?? dataId).replace(/\.json$/, '')} (edited)`)
    void client.call('source.text', { data: viewSource(dataId, readView(query)) }).then((answer) => {
      if (!wanted) return
      if (!answer.ok)
        setLoaded(
          answer.error.code === 'PARAMS_INVALID' ? { state: 'large' } : { state: 'failed', failure: answer.error }
        )
      else if (answer.data.text.length > editLimit) setLoaded({ state: 'large' })
      else setLoaded({ state: 'ready', text: answer.data.text })
    })
    return () => {
      wanted = false
    }
  }, [dataId])
  const current = text ?? (loaded.state === 'ready' ? loaded.text : '')
  const error = loaded.state === 'ready' ? errorOf(current) : null
  const save = async (then: (id: string) => void) => {
    if (error !== null || loaded.state !== 'ready') return
    const answer = await client.call('data.import', { name: name.trim() || 'Data', text: current })
    if (!answer.ok) return showFailure(answer.error)
    toast(`Saved as ${answer.data.name}`, { tone: 'success' })
    then(answer.data.id)
  }
  const open = (id: string) => navigate(['data', id])
  useEffect(() =>
    addCommands([{ id: 'data.save', title: 'Save copy', group: 'Data', keys: 'mod+s', run: () => void save(open) }])
  )
  if (loaded.state === 'loading') return <Loading label="Loading data" />
  if (loaded.state === 'failed') return <FailureState failure={loaded.failure} />
  if (loaded.state === 'large')
    return (
      <EmptyState
        title="Too large to edit here"
        actions={
          <button className="btn" onClick={() => open(dataId)}>
            Back to data
          </button>
        }
      >
        The editor is limited to 4 MB. Choose a single event of the data set, or edit the file and import it again.
      </EmptyState>
    )
  const changed = text !== null && text !== loaded.text
  return (
    <div className="column">
      <div className="toolbar" role="toolbar" aria-label="Edit data">
        <a className="btn quiet" href={fresh ? '#/data' : `#/data/${encodeURIComponent(dataId)}`}>
          ‹ {fresh ? 'Data' : 'Back'}
        </a>
        <h1>{fresh ? 'New data' : 'Edit a copy'}</h1>
        <input
          className="field"
          aria-label="Name of the copy"
          style={{ width: 240 }}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {error && <span className="tag blocked">invalid JSON</span>}
        {error && <span className="muted ellipsis">{error}</span>}
        <span className="grow" />
        {changed && !fresh && (
          <button className="btn" aria-pressed={diff} onClick={() => setDiff(!diff)}>
            <Icon name="compare" /> Diff
          </button>
        )}
        <button
          className="btn"
          disabled={error !== null}
          onClick={() => void save((id) => navigate(['workflows', 'run'], { data: id }))}
        >
          Save and run…
        </button>
        <button className="btn primary" disabled={error !== null} title="Save (Ctrl+S)" onClick={() => void save(open)}>
          Save
        </button>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        <DataEditor
          value={current}
          onChange={setText}
          complete={completeMisp}
          label="Data"
          original={diff && changed ? loaded.text : null}
        />
      </div>
    </div>
  )
}
