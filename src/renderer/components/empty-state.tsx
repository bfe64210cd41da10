import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import type { Failure } from '../../contract/wire.ts'
import { buildHash } from '../stores/router.ts'
import { askAgain } from '../stores/retry.ts'
import { cancelQuestions } from '../stores/waits.ts'
import { adviceFor } from './advice.ts'

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

const titles: Partial<Record<Failure['code'], string>> = {
  HOST_LOST: 'Retrace is not responding',
  CANCELLED: 'Cancelled'
}

/** What went wrong, and the way on. Where nobody answered it is asked again by itself once the connection is back. */
export function FailureState({ failure, retry }: { failure: Failure; retry?: () => void }) {
  const place = failure.details?.['place']
  const title = titles[failure.code]
  const advice = adviceFor[failure.code]
  const again = retry ?? (title ? askAgain : undefined)
  return (
    <div className="empty" role="alert">
      <h2>{title ?? failure.message}</h2>
      {advice && <p>{advice.text}</p>}
      <p className="mono muted">
        {failure.code}
        {typeof place === 'string' ? ` · ${place}` : ''}
      </p>
      {(again ?? advice?.to) && (
        <div className="actions">
          {again && (
            <button className="btn" onClick={again}>
              Try again
            </button>
          )}
          {advice?.to && (
            <a className="btn" href={buildHash(advice.to.parts)}>
              {advice.to.label}
            </a>
          )}
        </div>
      )}
    </div>
  )
}

/** Shown from 300 ms on, so that what is quick does not flicker; from 2 s on it can be stopped. */
export function Loading({ label = 'Loading' }: { label?: string }) {
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 2000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="empty late" role="status" aria-label={label}>
      <span className="spinner" /> <span className="muted">{label}…</span>
      {long && (
        <div className="actions">
          <button className="btn" onClick={() => cancelQuestions()}>
            Cancel
          </button>
        </div>
      )}
    </div>
  )
}
