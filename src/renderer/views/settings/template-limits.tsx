import { useEffect, useState } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import { limitNames } from '../../../engine/jinja/limit-settings.ts'
import { DEFAULT_LIMITS } from '../../../engine/jinja/python/limits.ts'
import type { LimitName } from '../../../engine/jinja/python/limits.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { formatCount } from '../../../contract/words.ts'
import { SettingInput, SettingLine, SettingLines } from './setting-lines.tsx'

const about: Readonly<Record<LimitName, string>> = {
  steps: 'Work per template: loop iterations, calls, filtered items, allocated memory.',
  output: 'Length of the output, in characters.',
  text: 'Length of a single text while rendering, in characters.',
  items: 'Items in a list or dict.',
  bits: 'Bits of an integer.',
  depth: 'Nested calls, e.g. macros; Python’s own limit is 1000.',
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
    // Limits are saved together: what another page saved meanwhile stays.
    const now = await client.call('template.limits', {})
    if (!now.ok) return showFailure(now.error)
    const { [name]: _before, ...others } = now.data.limits
    const next: JsonMap = text === '' ? others : { ...others, [name]: Number(text) }
    const saved = await client.call('template.setLimits', { limits: next })
    if (!saved.ok) return showFailure(saved.error)
    setLimits(saved.data.limits)
    toast('Saved')
  }
  return (
    <div>
      <p className="muted hint">A template that exceeds a limit fails with the name of that limit. Empty: default.</p>
      <SettingLines>
        {limitNames.map((name) => (
          <SettingLine key={name} name={name} about={`${about[name]} Default: ${formatCount(DEFAULT_LIMITS[name])}.`}>
            <SettingInput
              type="number"
              min={1}
              step={1}
              aria-label={`Limit of ${name}`}
              placeholder={String(DEFAULT_LIMITS[name])}
              value={typeof limits[name] === 'number' ? String(limits[name]) : ''}
              onSave={(text) => void set(name, text)}
            />
          </SettingLine>
        ))}
      </SettingLines>
    </div>
  )
}
