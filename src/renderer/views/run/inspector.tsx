import { memo, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { KeyboardEvent } from 'react'
import type { Json } from '../../../contract/json.ts'
import type { RunDetail } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { StepHead } from './step-head.tsx'
import { jumps } from '../../stores/jumps.ts'
import { tabsOf, triggerTabs } from './inspector-tabs.tsx'

interface InspectorProps {
  readonly detail: RunDetail
  readonly step: number
  readonly workflow: Json
  /** The tab that two inspectors side by side share. */
  readonly tab?: string
  readonly onTab?: (tab: string) => void
}

/** Everything about the selected step. */
export const Inspector = memo(function Inspector({ detail, step, workflow, tab: shared, onTab }: InspectorProps) {
  const own = useId()
  const [alone, setAlone] = useState('summary')
  const chosen = shared ?? alone
  const setChosen = onTab ?? setAlone
  const [reveal, setReveal] = useState<ValuePath | null>(null)
  const item = detail.steps[step - 1] ?? null
  const show = (tab: string, path: ValuePath) => {
    setReveal(path)
    setChosen(tab)
  }
  const tabs = item ? tabsOf(detail, item, workflow, show, reveal) : triggerTabs(detail, reveal)
  const tab = tabs.find((one) => one.id === chosen) ?? tabs[0]
  const jump = useStore(jumps, (state) => state.jump)
  useEffect(() => {
    if (jump?.runId !== detail.summary.id || jump.step !== step) return
    jumps.setState({ jump: null })
    setReveal(jump.path)
    setChosen(jump.tab)
  }, [jump, step])
  const choose = (id: string) => {
    setReveal(null)
    setChosen(id)
  }
  const isFocused = useRef(false)
  // Whoever types fast has the focus on a tab of the step before, which another step may not have.
  useLayoutEffect(() => {
    if (isFocused.current) document.getElementById(`${own}${tab?.id}`)?.focus()
  }, [step])
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(tabs.findIndex((one) => one.id === tab?.id) + by + tabs.length) % tabs.length]
    if (by === 0 || !next) return
    event.preventDefault()
    choose(next.id)
    document.getElementById(`${own}${next.id}`)?.focus()
  }
  return (
    <section className="column" aria-label="Inspector">
      <StepHead detail={detail} item={item} />
      <div
        className="tabs"
        role="tablist"
        aria-label="Step"
        onKeyDown={onKeyDown}
        onFocus={() => (isFocused.current = true)}
        onBlur={() => (isFocused.current = false)}
      >
        {tabs.map((one) => (
          <button
            key={one.id}
            id={`${own}${one.id}`}
            role="tab"
            aria-selected={one.id === tab?.id}
            aria-controls={`${own}panel`}
            tabIndex={one.id === tab?.id ? 0 : -1}
            onClick={() => choose(one.id)}
          >
            {one.label}
            {one.count !== undefined && one.count > 0 && <span className="count">{one.count}</span>}
            {one.derived && (
              <span className="muted" title="Derived: MISP does not report it">
                {' '}
                ◇
              </span>
            )}
          </button>
        ))}
      </div>
      <div
        id={`${own}panel`}
        role="tabpanel"
        aria-labelledby={`${own}${tab?.id}`}
        className="grow"
        style={{ minHeight: 0 }}
        key={`${step}/${tab?.id}`}
      >
        {tab?.content}
      </div>
    </section>
  )
})
