import { useCallback, useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { WorldPart } from '../../../contract/effects.ts'
import type { ValuePath } from '../../../contract/values.ts'
import type { Failure } from '../../../contract/wire.ts'
import { client } from '../../client/client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { formatBytes, formatTime } from '../../components/format.ts'
import { formatCount, plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import type { ValueSource } from '../../components/json-tree/value-source.ts'
import type { Column } from '../../components/list/columns.ts'
import { ListView } from '../../components/list/list-view.tsx'
import { TakeoverResults } from '../../components/takeover-results.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { buildHash, navigate, router } from '../../stores/router.ts'
import { importAnswers, pickAnswers, takeover } from '../../stores/takeover.ts'
import '../../step/step.css'

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
  named: true,
  load: (path: ValuePath, offset, limit) => client.call('world.value', { part, path: [...path], offset, limit }),
  text: async (path) => {
    const page = await client.call('world.value', { part, path: [...path], offset: 0, limit: 1 })
    return page.ok ? { ok: true, data: { text: page.data.text ?? page.data.preview } } : page
  }
})

function Part({ part }: { part: WorldPart }) {
  const source = useMemo(() => partSource(part), [part.part, part.changedAt])
  if (part.problem !== undefined)
    return (
      <EmptyState title="This part cannot be read">
        {part.problem} Runs cannot start while it is unreadable. Fix the file in <code>world/</code> in the workspace
        folder, or remove this part (the file moves to the bin) and import it again.
      </EmptyState>
    )
  return (
    <div className="column">
      <JsonTree key={source.key} source={source} label={partWord(part.part)} />
    </div>
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

const columns: readonly Column<WorldPart>[] = [
  {
    id: 'part',
    label: 'Part',
    width: 130,
    grow: 1,
    sort: ({ part }) => partWord(part),
    cell: ({ part }) => partWord(part)
  },
  {
    ...{ id: 'rows', label: 'Rows', right: true, width: 90, sort: ({ rows }) => rows },
    cell: ({ problem, rows }) =>
      problem === undefined ? (
        formatCount(rows)
      ) : (
        <span className="tag failure" title={problem}>
          unreadable
        </span>
      )
  },
  {
    ...{ id: 'size', label: 'Size', right: true, width: 80, sort: ({ size }) => size, spare: 2 },
    cell: ({ size }) => formatBytes(size)
  },
  {
    ...{ id: 'changed', label: 'Changed', width: 138, sort: ({ changedAt }) => changedAt, spare: 1 },
    cell: ({ changedAt }) => formatTime(changedAt)
  }
]

const bring = (files: readonly File[]) =>
  void importAnswers(files).then(
    (count) => count > 0 && toast(`${plural(count, 'file')} imported`, { tone: 'success' })
  )

const show = (part: string | undefined) => navigate(part === undefined ? ['world'] : ['world', part], undefined, true)

/** `#/world`, `#/world/PART`: what MISP's database would hold, so that offline runs find the same organisations, tags and lists. */
export default function WorldView() {
  const chosen = useStore(router, ({ parts }) => parts[1])
  const { parts, failure, reload, set } = useParts()
  const rows = useStore(takeover, (state) => state.rows)
  useEffect(() => void reload(), [rows, reload])
  const restore = async (part: string) => {
    const answer = await client.call('world.restore', { part })
    if (!answer.ok) return showFailure(answer.error)
    set(answer.data)
    show(part)
  }
  const remove = async ({ part }: WorldPart) => {
    const answer = await client.call('world.remove', { part })
    if (!answer.ok) return showFailure(answer.error)
    set(answer.data)
    if (chosen === part) show(undefined)
    toast(`Removed ${partWord(part).toLowerCase()}`, { action: { label: 'Undo', run: () => void restore(part) } })
  }
  const selected = useMemo(() => new Set(chosen === undefined ? [] : [chosen]), [chosen])
  const importFiles = (
    <button className="btn primary" onClick={() => pickAnswers(bring)}>
      <Icon name="upload" /> Import files…
    </button>
  )
  const importAll = (
    <a className="btn" href={buildHash(['connect'])}>
      <Icon name="download" /> Import from MISP
    </a>
  )
  return (
    <ListView
      title="World"
      label="Parts of World"
      count={parts ? `${plural(parts.length, 'part')} of MISP’s database` : ''}
      tools={
        <>
          {importAll}
          {importFiles}
        </>
      }
      notices={<TakeoverResults />}
      items={parts ?? (failure ? none : null)}
      failure={failure}
      retry={() => void reload()}
      empty={
        <EmptyState
          title="World is empty"
          actions={
            <>
              {importFiles}
              {importAll}
            </>
          }
        >
          Runs only know what the event contains. Import organisations, users, tags, warninglists and galaxies from your
          MISP, and lookups return the same as there.
        </EmptyState>
      }
      columns={columns}
      id={({ part }) => part}
      selected={selected}
      onSelect={(ids) => show(ids.at(-1))}
      onOpen={({ part }) => show(part)}
      menu={(item) => [
        {
          ...{ label: `Remove ${partWord(item.part).toLowerCase()}`, keys: 'delete', icon: 'trash', danger: true },
          run: () => void remove(item)
        }
      ]}
      heading={({ part, rows: count, problem }) =>
        problem === undefined ? `${partWord(part)}: ${plural(count, 'row')}` : partWord(part)
      }
      previewSize={58}
      several={(count) => plural(count, 'part')}
      preview={(part) => <Part key={part.part} part={part} />}
    />
  )
}

const none: readonly WorldPart[] = []
