import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { keysLabel } from '../../stores/commands.ts'
import { Icon } from '../icons.tsx'
import { openMenu } from '../menu.tsx'
import type { MenuItem } from '../menu.tsx'

/** What can be done with what is selected: the usual as buttons, all of it in a menu. */
function Actions({ items }: { items: readonly MenuItem[] }) {
  const usual = items.filter(({ icon, disabled }) => icon && !disabled)
  return (
    <div className="preview-actions" role="toolbar" aria-label="Actions for the selection">
      {usual.map(({ label, icon, keys, danger, run }) => (
        <button
          key={label}
          className={`btn${danger ? ' danger' : ''}`}
          title={keys ? `${label} (${keysLabel(keys)})` : label}
          onClick={run}
        >
          {icon && <Icon name={icon} />} <span className="words">{label}</span>
        </button>
      ))}
      {usual.length < items.length && (
        <button
          className="btn quiet icon"
          aria-label="All actions"
          title="All actions (Shift+F10)"
          aria-haspopup="menu"
          onClick={({ currentTarget }) => {
            const { left, bottom } = currentTarget.getBoundingClientRect()
            openMenu({ clientX: left, clientY: bottom + 2 }, items)
          }}
        >
          <Icon name="chevron-down" />
        </button>
      )}
    </div>
  )
}

/** What is selected in a list, beside it. */
export function Preview({
  heading,
  actions,
  onClose,
  children
}: {
  heading: string
  actions: readonly MenuItem[]
  onClose: () => void
  children: ReactNode
}) {
  return (
    <section className="column preview" aria-label="Preview">
      <header>
        <h2 className="ellipsis grow" title={heading}>
          {heading}
        </h2>
        <button className="btn quiet icon" aria-label="Close preview" title="Close (Esc)" onClick={onClose}>
          <Icon name="xmark" />
        </button>
      </header>
      {actions.length > 0 && <Actions items={actions} />}
      <div className="grow preview-body">{children}</div>
    </section>
  )
}

/** Rows of a preview: what is so, by name. */
export function Facts({ rows }: { rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="props section">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** How long a second press of a double click may take. */
const secondPress = 280

/** Whether the preview has its place: not before a click has had time to become a double click, whose second press must meet the row. */
export function usePlace(wanted: boolean): boolean {
  const [isThere, setThere] = useState(wanted)
  const pressed = useRef(-Infinity)
  useEffect(() => {
    const note = (event: Event) => (pressed.current = event.timeStamp)
    addEventListener('pointerdown', note, true)
    return () => removeEventListener('pointerdown', note, true)
  }, [])
  useEffect(() => {
    if (!wanted) return setThere(false)
    const timer = setTimeout(() => setThere(true), Math.max(0, secondPress - (performance.now() - pressed.current)))
    return () => clearTimeout(timer)
  }, [wanted])
  return wanted && isThere
}
