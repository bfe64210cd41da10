import { useEffect, useState } from 'react'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { workflowSettings } from '../../stores/settings-places.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { SettingInput, SettingLine, SettingLines } from './setting-lines.tsx'

export function MispSettings() {
  const answer = useAnswer('workspace.settings', {})
  const [settings, setSettings] = useState<JsonMap | null>(null)
  useEffect(() => {
    if (answer?.ok) setSettings(answer.data)
  }, [answer])
  if (answer && !answer.ok) return <FailureState failure={answer.error} />
  if (!settings) return <Loading />
  const set = async (name: string, value: boolean | string) => {
    const saved = await client.call('workspace.set', { settings: { [name]: value } })
    if (!saved.ok) return showFailure(saved.error)
    setSettings(saved.data)
    toast('Saved')
  }
  return (
    <div>
      <p className="muted hint">Settings left empty are assumed; each run lists its assumptions.</p>
      <SettingLines>
        {workflowSettings.map(({ name, about, kind }) => (
          <SettingLine key={name} name={name} about={about}>
            {kind === 'switch' ? (
              <select
                className="field"
                aria-label={name}
                value={settings[name] === undefined ? '' : settings[name] === true ? 'on' : 'off'}
                onChange={(event) => void set(name, event.target.value === 'on')}
              >
                <option value="" disabled>
                  assumed
                </option>
                <option value="on">on</option>
                <option value="off">off</option>
              </select>
            ) : (
              <SettingInput
                aria-label={name}
                placeholder="assumed"
                value={plainScalar(settings[name])}
                onSave={(text) => text !== '' && void set(name, text)}
              />
            )}
          </SettingLine>
        ))}
      </SettingLines>
    </div>
  )
}

const plainScalar = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
