import { useEffect, useState } from 'react'
import { plainText, type JsonMap } from '../../../contract/json.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { workflowSettings } from '../../stores/settings-places.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

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
      <p className="muted" style={{ marginBottom: 8 }}>
        Settings left empty are assumed; each run lists its assumptions.
      </p>
      {workflowSettings.map(({ name, about, kind }) => (
        <div key={name} className="check" style={{ alignItems: 'center' }}>
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
            <input
              // What was saved elsewhere shows here too.
              key={plainText(settings[name])}
              className="field"
              style={{ width: 76 }}
              aria-label={name}
              placeholder="assumed"
              defaultValue={
                typeof settings[name] === 'string' || typeof settings[name] === 'number' ? String(settings[name]) : ''
              }
              onBlur={(event) => event.target.value && void set(name, event.target.value)}
            />
          )}
          <span className="mono" style={{ minWidth: 330 }}>
            {name}
          </span>
          <span className="muted">{about}</span>
        </div>
      ))}
    </div>
  )
}
