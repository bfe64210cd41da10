import { useEffect, useId, useRef } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useEscape } from '../hooks/use-escape.ts'
import { Icon } from './icons.tsx'
import { Layer } from './layer.tsx'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly wide?: boolean
  /** No heading line: the content brings its own (the palette). */
  readonly bare?: boolean
}

const focusable = 'a[href], button:not(:disabled), input, select, textarea, [tabindex="0"]'

/** A modal dialog: keeps the focus inside, gives it back, closes on Escape. */
export function Dialog({ title, onClose, children, footer, wide, bare }: DialogProps) {
  const box = useRef<HTMLDivElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const heading = useId()
  useEffect(() => {
    const before = document.activeElement
    // What is only read is scrolled by keys.
    if (body.current && !body.current.querySelector(focusable)) body.current.tabIndex = 0
    const first = box.current?.querySelector<HTMLElement>('[data-autofocus], input, textarea, select')
    ;(first ?? (body.current?.tabIndex === 0 ? body.current : box.current))?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  useEscape(onClose)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Tab') return
    const all = [...(box.current?.querySelectorAll<HTMLElement>(focusable) ?? [])]
    const edge = event.shiftKey ? all[0] : all.at(-1)
    if (document.activeElement !== edge) return
    event.preventDefault()
    ;(event.shiftKey ? all.at(-1) : all[0])?.focus()
  }
  return (
    <Layer>
      <div className="overlay" onMouseDown={(event) => event.target === event.currentTarget && onClose()}>
        <div
          ref={box}
          className={`dialog${wide ? ' wide' : ''}${bare ? ' palette' : ''}`}
          role="dialog"
          aria-modal="true"
          tabIndex={-1}
          {...(bare ? { 'aria-label': title } : { 'aria-labelledby': heading })}
          onKeyDown={onKeyDown}
        >
          {bare ? (
            children
          ) : (
            <>
              <header>
                <h1 id={heading} className="grow">
                  {title}
                </h1>
                <button className="btn quiet icon" aria-label="Close" onClick={onClose}>
                  <Icon name="xmark" />
                </button>
              </header>
              <div ref={body} className="body">
                {children}
              </div>
              {footer && <footer>{footer}</footer>}
            </>
          )}
        </div>
      </div>
    </Layer>
  )
}
