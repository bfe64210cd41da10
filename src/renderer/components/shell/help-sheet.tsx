import { useEffect, useState } from 'react'
import { addCommands, availableCommands, keysLabel, offeredCommands } from '../../stores/commands.ts'
import type { Command } from '../../stores/commands.ts'
import { Dialog } from '../dialog.tsx'

/** All shortcuts that work right now, by group. */
export function HelpSheet() {
  const [open, setOpen] = useState(false)
  useEffect(
    () =>
      addCommands([{ id: 'help', title: 'Keyboard shortcuts', group: 'Help', keys: '?', run: () => setOpen(true) }]),
    []
  )
  if (!open) return null
  const groups = new Map<string, Command[]>()
  for (const one of [...availableCommands(), ...offeredCommands()])
    if (one.keys) groups.set(one.group, [...(groups.get(one.group) ?? []), one])
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => setOpen(false)}>
      {[...groups].map(([group, all]) => (
        <section key={group} style={{ marginBottom: 12 }}>
          <h2>{group}</h2>
          <dl className="props" style={{ gridTemplateColumns: '1fr max-content' }}>
            {all.map((one) => (
              <div key={one.id} style={{ display: 'contents' }}>
                <dt>{one.title}</dt>
                <dd style={{ textAlign: 'right' }}>
                  <span className="kbd">{keysLabel(one.keys ?? '')}</span>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className="muted">
        In trees and lists: arrow keys, Home, End; Enter opens. In lists Space selects, Ctrl with an arrow key goes on
        without selecting, and Escape closes the preview. Shift+F10 opens the menu of the selected row; its shortcuts
        are listed here while a row is selected. In the data, Ctrl+C copies the selected value. In a text, Ctrl+] and
        Ctrl+[ indent; Tab leads on.
      </p>
    </Dialog>
  )
}
