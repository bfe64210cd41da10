import { useCallback, useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { WorldPart } from '../../../contract/effects.ts'
import type { ValuePath } from '../../../contract/values.ts'
import type { Failure } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { Cell, DataGrid } from '../../components/data-grid.tsx'
import { EmptyState, FailureState, Loading } from '../../components/empty-state.tsx'
import { formatBytes, formatTime } from '../../components/format.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import type { ValueSource } from '../../components/json-tree/value-source.ts'
import { Panes } from '../../components/panes.tsx'
import { TakeoverResults } from '../../components/takeover-results.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { buildHash, navigate, router } from '../../stores/router.ts'
import { importAnswers, pickAnswers, takeover } from '../../stores/takeover.ts'
import '../../step/step.css'
import './world.css'

const columns = [
  { label: 'Part' },
  { label: 'Rows', right: true },
  { label: 'Size', right: true },
  { label: 'Changed' }
]

const words: Record<string, string> = {
  organisations: 'Organisations',
  users: 'Users',
  roles: 'Roles',
  tags: 'Tags',
  taxonomies: 'Taxonomies',
  sharing_groups: 'Sharing groups',
  warninglists: 'Warninglists',
  galaxies: 'Galaxies',
  galaxy_clusters: 'Galaxy clusters',
  decaying_models: 'Decaying models',
  service_modules: 'misp-modules',
  events: 'Events'
}
const partWord = (part: string): string => words[part] ?? part

/** One part of the world, page by page. There is no search or copy of whole parts: they may hold a million entries. */
const partSource = ({ part, changedAt }: WorldPart): ValueSource => ({
  key: `world/${part}/${changedAt}`,
  load: (path: ValuePath, offset, limit) => client.call('world.value', { part, path: [...path], offset, limit }),
  text: async (path) => {
    const page = await client.call('world.value', { part, path: [...path], offset: 0, limit: 1 })
    return page.ok ? { ok: true, data: { text: page.data.text ?? page.data.preview } } : page
  }
})

function Part({ part }: { part: WorldPart }) {
  const source = useMemo(() => partSource(part), [part.part, part.changedAt])
  return (
    <section className="column" aria-label={partWord(part.part)}>
      <div className="inspector-head">
        <div className="line">
          <h2 className="grow">{partWord(part.part)}</h2>
          <span className="muted">{plural(part.rows, 'row')}</span>
        </div>
      </div>
      <div className="grow" style={{ minHeight: 0 }}>
        {part.problem === undefined ? (
          <JsonTree key={source.key} source={source} label={partWord(part.part)} />
        ) : (
          <EmptyState title="This part cannot be read">
            {part.problem} Runs cannot start while it is unreadable. Fix the file in <code>world/</code> in the
            workspace folder, or remove this part (the file moves to the bin) and import it again.
          </EmptyState>
        )}
      </div>
    </section>
  )
}

function useParts(): {
  readonly parts: readonly WorldPart[] | null
  readonly failure: Failure | null
  readonly reload: () => Promise<void>
  readonly set: (parts: readonly WorldPart[]) => void
} {
  const [parts, set] = useState<readonly WorldPart[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const reload = useCallback(async () => {
    const answer = await client.call('world.list', {})
    if (answer.ok) set(answer.data)
    setFailure(answer.ok ? null : answer.error)
  }, [])
  useEffect(() => void reload(), [reload])
  return { parts, failure, reload, set }
}

/** `#/world`, `#/world/PART`: what MISP's database would hold, so that offline runs find the same organisations, tags and lists. */
export default function WorldView() {
  const chosen = useStore(router, ({ parts }) => parts[1])
  const { parts, failure, reload, set } = useParts()
  const rows = useStore(takeover, (state) => state.rows)
  useEffect(() => void reload(), [rows, reload])
  const bring = (files: readonly File[]) =>
    void importAnswers(files).then(
      (count) => count > 0 && toast(`${plural(count, 'file')} imported`, { tone: 'success' })
    )
  const restore = async (part: string) => {
    const answer = await client.call('world.restore', { part })
    if (!answer.ok) return showFailure(answer.error)
    set(answer.data)
    navigate(['world', part], undefined, true)
  }
  const remove = async (part: WorldPart) => {
    const answer = await client.call('world.remove', { part: part.part })
    if (!answer.ok) return showFailure(answer.error)
    set(answer.data)
    if (chosen === part.part) navigate(['world'], undefined, true)
    toast(`Removed ${partWord(part.part).toLowerCase()}`, {
      action: { label: 'Undo', run: () => void restore(part.part) }
    })
  }
  if (failure) return <FailureState failure={failure} retry={() => void reload()} />
  if (!parts) return <Loading label="Loading World" />
  const current = parts.find((one) => one.part === chosen) ?? null
  const tools = (
    <div className="toolbar" role="toolbar" aria-label="World">
      <h1>World</h1>
      <span className="muted ellipsis">What MISP’s database contains</span>
      <span className="grow" />
      <a className="btn" href={buildHash(['connect'])}>
        <Icon name="download" /> Import from MISP
      </a>
      {current && (
        <button className="btn danger" onClick={() => void remove(current)}>
          <Icon name="trash" /> Remove {partWord(current.part).toLowerCase()}
        </button>
      )}
      <button className="btn primary" onClick={() => pickAnswers(bring)}>
        <Icon name="upload" /> Import files…
      </button>
    </div>
  )
  if (parts.length === 0)
    return (
      <div className="column">
        {tools}
        <EmptyState
          title="World is empty"
          actions={
            <>
              <button className="btn primary" onClick={() => pickAnswers(bring)}>
                Import files…
              </button>
              <a className="btn" href={buildHash(['connect'])}>
                Import from MISP
              </a>
            </>
          }
        >
          Runs only know what the event contains. Import organisations, users, tags, warninglists and galaxies from your
          MISP, and lookups return the same as there.
          <TakeoverResults />
        </EmptyState>
      </div>
    )
  return (
    <div className="column">
      {tools}
      <div className="grow" style={{ minHeight: 0 }}>
        <Panes
          name="world"
          direction="row"
          panes={[
            {
              id: 'parts',
              size: 42,
              min: 25,
              content: (
                <div className="column">
                  <DataGrid
                    label="Parts of World"
                    columns={columns}
                    layout="world-columns"
                    items={parts}
                    id={({ part }) => part}
                    selected={new Set(chosen ? [chosen] : [])}
                    onSelect={([first]) => first && navigate(['world', first], undefined, true)}
                    onOpen={({ part }) => navigate(['world', part])}
                    menu={(item) => [
                      {
                        label: `Remove ${partWord(item.part).toLowerCase()}`,
                        keys: 'delete',
                        danger: true,
                        run: () => void remove(item)
                      }
                    ]}
                    cells={(part) => (
                      <>
                        <Cell>{partWord(part.part)}</Cell>
                        <Cell right>
                          {part.problem === undefined ? (
                            formatCount(part.rows)
                          ) : (
                            <span className="tag failure" title={part.problem}>
                              unreadable
                            </span>
                          )}
                        </Cell>
                        <Cell right>{formatBytes(part.size)}</Cell>
                        <Cell>{formatTime(part.changedAt)}</Cell>
                      </>
                    )}
                  />
                  <div style={{ padding: '0 10px', maxHeight: '45%', overflow: 'auto' }}>
                    <TakeoverResults />
                  </div>
                </div>
              )
            },
            {
              id: 'inside',
              size: 58,
              min: 25,
              content: current ? (
                <Part part={current} />
              ) : (
                <EmptyState title="Choose a part">Its rows are shown here.</EmptyState>
              )
            }
          ]}
        />
      </div>
    </div>
  )
}
