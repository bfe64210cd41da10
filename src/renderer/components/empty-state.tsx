import type { ReactNode } from 'react'
import type { Failure } from '../../contract/wire.ts'

/** A view that has nothing to show: what happened and what to do. */
export function EmptyState({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty" role="status">
      <h2>{title}</h2>
      {children && <div>{children}</div>}
      {actions && <div className="actions">{actions}</div>}
    </div>
  )
}

export function FailureState({ failure, retry }: { failure: Failure; retry?: () => void }) {
  const place = failure.details?.['place']
  return (
    <div className="empty" role="alert">
      <h2>{failure.message}</h2>
      <p className="mono muted">
        {failure.code}
        {typeof place === 'string' ? ` · ${place}` : ''}
      </p>
      {retry && (
        <div className="actions">
          <button className="btn" onClick={retry}>
            Try again
          </button>
        </div>
      )}
    </div>
  )
}

/** Shown from 300 ms on, so that what is quick does not flicker. */
export function Loading({ label = 'Loading' }: { label?: string }) {
  return (
    <div className="empty late" role="status" aria-label={label}>
      <span className="spinner" /> <span className="muted">{label}…</span>
    </div>
  )
}
