import { useEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { addCommands, availableCommands, keysLabel, offeredCommands } from '../../stores/commands.ts'
import type { Command } from '../../stores/commands.ts'
import { useStore } from 'zustand'
import { blueprints } from '../../stores/blueprints.ts'
import { findRuns, insideRuns, knownThings, loadThings } from '../../stores/finder.ts'
import { Dialog } from '../dialog.tsx'
import { SearchInput } from '../search-input.tsx'
import { matching } from './palette-match.ts'
import type { Choice } from './palette-match.ts'
import { pageCommands } from './page-commands.ts'

/** The same everywhere: listed after what the open view offers. */
const everywhere = new Set(['Go', 'Files', 'Appearance', 'Help', 'Status'])

/** Read once, when the palette opens. */
function allCommands(): readonly Command[] {
  const named = [...offeredCommands(), ...availableCommands()].filter(({ id }) => id !== 'palette')
  const all = [...named, ...pageCommands(named)]
  return [...all.filter(({ group }) => !everywhere.has(group)), ...all.filter(({ group }) => everywhere.has(group))]
}

export function CommandPalette() {
  const [open, setOpen] = useState(false)
  useEffect(
    () =>
      addCommands([
        { id: 'palette', title: 'Command palette', group: 'Help', keys: 'mod+k', run: () => setOpen((was) => !was) }
      ]),
    []
  )
  return open ? <Palette onClose={() => setOpen(false)} /> : null
}

/** Runs that the host finds, asked for when a person rests for a moment; those of an older query stay until then. */
function useRuns(query: string): readonly Choice[] {
  const [runs, setRuns] = useState<readonly Choice[]>([])
  useEffect(() => {
    let wanted = true
    const timer = setTimeout(() => void findRuns(query.trim()).then((found) => wanted && setRuns(found)), 90)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [query])
  return runs
}

function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const [commands] = useState(allCommands)
  useEffect(loadThings, [])
  const list = useStore(blueprints, (state) => state.list)
  const things = useMemo(knownThings, [list])
  const runs = useRuns(query)
  const matches = useMemo(
    () => [...matching(query, { commands, things, runs }), ...insideRuns(query.trim())],
    [query, commands, things, runs]
  )
  const run = (choice: Choice | undefined) => {
    if (!choice) return
    // Closed first: it gives the focus back, and the command may want it elsewhere.
    flushSync(onClose)
    choice.run()
  }
  return (
    <Dialog title="Command palette" bare onClose={onClose}>
      <SearchInput
        type="text"
        value={query}
        placeholder="Search commands, runs, workflows, events, modules, settings"
        role="combobox"
        aria-label="Search everything"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={matches[at] ? `palette-${matches[at].id}` : undefined}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(at + 1, matches.length - 1))
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
          else if (event.key === 'PageDown') setAt(Math.min(at + 10, matches.length - 1))
          else if (event.key === 'PageUp') setAt(Math.max(at - 10, 0))
          else if (event.key === 'Enter') run(matches[at])
          else return
          event.preventDefault()
        }}
      />
      <div role="listbox" id="palette-list" aria-label="Commands">
        {groupsOf(matches).map(([group, choices]) => (
          <div key={group} role="group" aria-label={group}>
            <div className="group" aria-hidden>
              {group}
            </div>
            {choices.map(({ choice, i }) => (
              <div
                key={choice.id}
                id={`palette-${choice.id}`}
                role="option"
                aria-selected={i === at}
                ref={i === at ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
                onMouseMove={() => setAt(i)}
                onClick={() => run(choice)}
              >
                <span className="grow ellipsis">{choice.title}</span>
                {choice.note && <span className="muted ellipsis">{choice.note}</span>}
                {choice.keys && <span className="kbd">{keysLabel(choice.keys)}</span>}
              </div>
            ))}
          </div>
        ))}
        {matches.length === 0 && <div className="empty">Nothing matches “{query}”.</div>}
      </div>
    </Dialog>
  )
}

/** With each one's place among all. */
function groupsOf(matches: readonly Choice[]) {
  const groups = new Map<string, { readonly choice: Choice; readonly i: number }[]>()
  matches.forEach((choice, i) => groups.set(choice.group, [...(groups.get(choice.group) ?? []), { choice, i }]))
  return [...groups]
}
