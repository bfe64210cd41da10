import { useEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { addCommands, availableCommands, keysLabel, offeredCommands } from '../../stores/commands.ts'
import type { Command } from '../../stores/commands.ts'
import { Dialog } from '../dialog.tsx'
import { pageCommands } from './page-commands.ts'

/** The same everywhere: listed after what the open view offers. */
const everywhere = new Set(['Go', 'Files', 'Appearance', 'Help', 'Status'])

/** Read once, when the palette opens. */
function allCommands(): readonly Command[] {
  const named = [...offeredCommands(), ...availableCommands()].filter(({ id }) => id !== 'palette')
  const all = [...named, ...pageCommands(named)]
  return [...all.filter(({ group }) => !everywhere.has(group)), ...all.filter(({ group }) => everywhere.has(group))]
}

/** Letters in order, words' beginnings first: 0 does not match. */
function score(command: Command, query: string): number {
  const text = `${command.title} ${command.group} ${command.words ?? ''}`.toLowerCase()
  if (query === '') return 1
  const at = text.indexOf(query)
  if (at >= 0) return at === 0 || text[at - 1] === ' ' ? 100 - Math.min(at, 50) : 40
  if (query.split(/\s+/).every((word) => text.includes(word))) return 30
  let from = 0
  for (const letter of query) {
    const next = text.indexOf(letter, from)
    if (next < 0) return 0
    from = next + 1
  }
  return 1
}

/** What can be done here comes before what can be done everywhere. */
const isEverywhere = ({ group }: Command): boolean => ['Go', 'Files', 'Appearance', 'Help'].includes(group)

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

function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const [all] = useState(allCommands)
  const matches = useMemo(() => {
    const wanted = query.trim().toLowerCase()
    return all
      .map((command) => ({ command, score: score(command, wanted) }))
      .filter((one) => one.score > 0)
      .sort((a, b) => b.score - a.score || Number(isEverywhere(a.command)) - Number(isEverywhere(b.command)))
      .map((one) => one.command)
  }, [query, all])
  const run = (command: Command | undefined) => {
    if (!command) return
    // Closed first: it gives the focus back, and the command may want it elsewhere.
    flushSync(onClose)
    command.run()
  }
  return (
    <Dialog title="Command palette" bare onClose={onClose}>
      <input
        value={query}
        placeholder="Search commands"
        role="combobox"
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
          else if (event.key === 'Enter') run(matches[at])
          else return
          event.preventDefault()
        }}
      />
      <div role="listbox" id="palette-list" aria-label="Commands">
        {matches.map((command, i) => (
          <div
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={i === at}
            ref={i === at ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            onMouseMove={() => setAt(i)}
            onClick={() => run(command)}
          >
            <span className="grow">{command.title}</span>
            <span className="muted">{command.group}</span>
            {command.keys && <span className="kbd">{keysLabel(command.keys)}</span>}
          </div>
        ))}
        {matches.length === 0 && <div className="empty">No command matches “{query}”.</div>}
      </div>
    </Dialog>
  )
}
