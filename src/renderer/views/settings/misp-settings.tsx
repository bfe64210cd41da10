import { useEffect, useState } from 'react'
import type { JsonMap } from '../../../contract/json.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

/** MISP settings that workflows depend on, each with what it does. */
const known: readonly { readonly name: string; readonly about: string; readonly kind: 'switch' | 'text' }[] = [
  { name: 'Plugin.Workflow_enable', about: 'Workflows are enabled', kind: 'switch' },
  {
    name: 'Security.rest_client_enable_arbitrary_urls',
    about: 'Webhook, MS Teams and Splunk modules may send requests',
    kind: 'switch'
  },
  { name: 'Plugin.Enrichment_services_enable', about: 'Templates and enrichment can use misp-modules', kind: 'switch' },
  { name: 'Plugin.Action_services_enable', about: 'Action modules of misp-modules are available', kind: 'switch' },
  {
    name: 'Plugin.ZeroMQ_tag_notifications_enable',
    about: 'Tagging fires tag-attached-after-save (or the Kafka setting)',
    kind: 'switch'
  },
  {
    name: 'Plugin.Kafka_tag_notifications_enable',
    about: 'Tagging fires tag-attached-after-save (or the ZeroMQ setting)',
    kind: 'switch'
  },
  { name: 'MISP.host_org_id', about: 'The organisation workflows run as', kind: 'text' }
]

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
      {known.map(({ name, about, kind }) => (
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
              key={String(settings[name])}
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
