import type { ReactNode } from 'react'

interface CancelOrProps {
  readonly onCancel: () => void
  readonly onDo: () => void
  readonly isOff?: boolean
  /** Enter does it as soon as the dialog is open. */
  readonly isFirst?: boolean
  /** What the button says. */
  readonly children: ReactNode
}

/** The buttons below a dialog that does one thing. */
export const CancelOr = ({ onCancel, onDo, isOff = false, isFirst = false, children }: CancelOrProps) => (
  <>
    <button className="btn" onClick={onCancel}>
      Cancel
    </button>
    <button className="btn primary" disabled={isOff} {...(isFirst ? { 'data-autofocus': true } : {})} onClick={onDo}>
      {children}
    </button>
  </>
)
