import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { SearchKind, ValueMatches, ValuePath } from '../../../contract/values.ts'
import { showFailure } from '../../stores/app.ts'
import { preferences, setPreference } from '../../stores/preferences.ts'
import { Icon } from '../icons.tsx'
import { openMenu } from '../menu.tsx'
import { SearchInput } from '../search-input.tsx'
import type { ValueSource } from './value-source.ts'
import type { TreeModel } from './tree-model.ts'
import { plural } from '../../../contract/words.ts'

interface Found {
  readonly matches: ValueMatches['matches']
  readonly at: number
  readonly more: boolean
}

const kinds: Readonly<Record<SearchKind, { readonly label: string; readonly hint: string }>> = {
  text: { label: 'Text', hint: 'Find in data' },
  key: { label: 'Keys', hint: 'Find a key' },
  path: { label: 'Hash path', hint: 'Event.Attribute.{n}.value' }
}

interface Search {
  readonly query: string
  readonly kind: SearchKind
  readonly found: Found | null
  readonly ask: (query: string, kind: SearchKind) => void
  readonly step: (by: number) => void
  readonly filter: (on: boolean) => void
}

interface TreeBarProps {
  readonly tree: TreeModel
  readonly source: ValueSource
  readonly filtered: boolean
  /** Null: everything again. */
  readonly onFilter: (paths: readonly ValuePath[] | null) => void
  readonly onFound: (index: number) => void
}

/** Matches of the host, one of which is shown; filtered, the tree has nothing but matches and what leads to them. */
function useSearch({ tree, source, filtered, onFilter, onFound }: TreeBarProps): Search {
  const [query, setQuery] = useState('')
  const [kind, setKind] = useState<SearchKind>('text')
  const [found, setFound] = useState<Found | null>(null)
  const asked = useRef(0)
  const reveal = async (next: Found) => {
    const match = next.matches[next.at]
    if (match) onFound(await tree.reveal(match.path))
  }
  const show = (next: Found) => {
    setFound(next)
    void reveal(next)
  }
  // The tree is another one when the filter changed.
  useEffect(() => void (found && reveal(found)), [tree])
  const search = async (filter = filtered) => {
    const mine = ++asked.current
    const answer = await source.search?.(query, kind, null)
    if (!answer || mine !== asked.current) return
    if (!answer.ok) return void showFailure(answer.error)
    const { matches, cursor } = answer.data
    const next = { matches, at: 0, more: cursor !== null || (kind === 'path' && matches.length >= 100) }
    if (!filter) return show(next)
    setFound(next)
    onFilter(matches.map(({ path }) => path))
  }
  return {
    query,
    kind,
    found,
    ask(nextQuery, nextKind) {
      asked.current++
      setQuery(nextQuery)
      setKind(nextKind)
      setFound(null)
      if (filtered && nextQuery === '') onFilter(null)
    },
    step(by) {
      if (query === '') return
      if (!found || found.matches.length === 0) return void search()
      show({ ...found, at: (found.at + by + found.matches.length) % found.matches.length })
    },
    filter(on) {
      if (!on) onFilter(null)
      else if (query !== '') void search(true)
    }
  }
}

/** Search, filter, expand, wide or narrow. */
export function TreeBar(props: TreeBarProps) {
  const { tree, source, filtered } = props
  const { query, kind, found, ask, step, filter } = useSearch(props)
  const wide = useStore(preferences, (state) => state.wideTree)
  return (
    <div className="tree-bar" role="search">
      {source.search && (
        <>
          <SearchInput
            placeholder={kinds[kind].hint}
            aria-label="Find in data"
            title="Enter: next match, Shift+Enter: previous"
            value={query}
            onChange={(event) => ask(event.target.value, kind)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              step(event.shiftKey ? -1 : 1)
            }}
          />
          <select
            className="field kinds"
            aria-label="Search in"
            value={kind}
            onChange={(event) => ask(query, event.target.value as SearchKind)}
          >
            {Object.entries(kinds).map(([id, { label }]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
          <button
            className="btn icon"
            aria-label="Filter"
            aria-pressed={filtered}
            disabled={query === '' && !filtered}
            title="Show matches only"
            onClick={() => filter(!filtered)}
          >
            <Icon name="filter" />
          </button>
          {found && (
            <span className="muted nowrap" role="status">
              {found.matches.length === 0
                ? 'No match'
                : `${found.at + 1} of ${found.matches.length}${found.more ? '+' : ''}`}
            </span>
          )}
        </>
      )}
      <span className="grow" />
      <button
        className="btn quiet"
        aria-haspopup="menu"
        title="Expand the tree to a level"
        onClick={(event) => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect()
          openMenu({ clientX: left, clientY: bottom }, [
            ...[1, 2, 3, 4, 5].map((depth) => ({
              label: plural(depth, 'level'),
              run: () => (tree.collapse(), void tree.expandTo(depth))
            })),
            { label: 'Everything', run: () => void tree.expandTo(100) },
            { label: 'Collapse all', run: () => tree.collapse() }
          ])
        }}
      >
        Expand ▾
      </button>
      <button
        className="btn quiet icon"
        aria-pressed={wide}
        aria-label="Wide"
        title={wide ? 'Narrow: cut off long lines' : 'Wide: show whole lines and scroll sideways'}
        onClick={() => setPreference('wideTree', !wide)}
      >
        <Icon name="wide" />
      </button>
    </div>
  )
}
