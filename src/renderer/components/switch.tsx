import './switch.css'

/** On or off at once, without a form around it. */
export function Switch({
  on,
  label,
  onChange,
  disabled = false,
  assumed = false
}: {
  on: boolean
  label: string
  onChange: (on: boolean) => void
  disabled?: boolean
  /** Nobody said; this is what Retrace goes by. */
  assumed?: boolean
}) {
  return (
    <button
      type="button"
      role="switch"
      className={`switch${assumed ? ' assumed' : ''}`}
      aria-checked={on}
      aria-label={label}
      disabled={disabled}
      title={assumed ? 'Assumed: not set in this workspace' : undefined}
      onClick={(event) => {
        event.stopPropagation()
        onChange(!on)
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    />
  )
}
