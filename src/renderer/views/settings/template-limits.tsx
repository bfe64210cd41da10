import { useEffect, useState } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import { limitNames } from '../../../engine/jinja/limit-settings.ts'
import { DEFAULT_LIMITS } from '../../../engine/jinja/limits.ts'
import type { LimitName } from '../../../engine/jinja/limits.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { useAnswer } from '../run/use-answer.ts'

const about: Readonly<Record<LimitName, string>> = {
  steps: 'Work that one template may do: rounds of loops, calls, items of filters, new memory.',
  output: 'Characters that it may render to.',
  text: 'Characters of one text while it renders.',
  items: 'Items of one list or dict.',
  bits: 'Bits of one integer.',
  depth: 'Calls within calls, such as macros; Python itself ends at 1000.',
  milliseconds: 'Time; MISP waits ten seconds for misp-modules.'
}

/** How far a template may go; past a limit a run cannot tell what MISP would do. */
export function TemplateLimits() {
  const answer = useAnswer('template.limits', {})
  const [limits, setLimits] = useState<JsonMap | null>(null)
  useEffect(() => {
    if (answer?.ok) setLimits(answer.data.limits)
  }, [answer])
  if (answer && !answer.ok) return <FailureState failure={answer.error} />
  if (!limits) return <Loading />
  const set = async (name: LimitName, text: string) => {
    const { [name]: before, ...others } = limits
    const next: JsonMap = text === '' ? others : { ...others, [name]: Number(text) }
    if (next[name] === before) return
    const saved = await client.call('template.setLimits', { limits: next })
    if (!saved.ok) return showFailure(saved.error)
    setLimits(saved.data.limits)
    toast('Saved')
  }
  return (
    <div>
      <p className="muted hint">
        A template that goes past one of these ends with the limit’s name instead of a text. Empty: the default.
      </p>
      {limitNames.map((name) => (
        <div key={name} className="check" style={{ alignItems: 'center' }}>
          <input
            className="field mono"
            style={{ width: 120 }}
            type="number"
            min={1}
            step={1}
            aria-label={`Limit of ${name}`}
            placeholder={String(DEFAULT_LIMITS[name])}
            defaultValue={typeof limits[name] === 'number' ? limits[name] : ''}
            onBlur={(event) => void set(name, event.target.value.trim())}
          />
          <span className="mono" style={{ minWidth: 100 }}>
            {name}
          </span>
          <span className="muted">
            {about[name]} Default {DEFAULT_LIMITS[name].toLocaleString('en')}.
          </span>
        </div>
      ))}
    </div>
  )
}
