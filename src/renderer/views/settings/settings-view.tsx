import { useState } from 'react'
import { useStore } from 'zustand'
import { isLoopback } from '../../../contract/loopback.ts'
import type { CaptureSettings } from '../../../contract/workspace.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { Icon } from '../../components/icons.tsx'
import { app, showFailure, toast } from '../../stores/app.ts'
import { preferences, setPreference } from '../../stores/preferences.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useDraft } from '../../hooks/use-draft.ts'
import { UnsavedMark } from '../../components/unsaved-mark.tsx'
import { CustomModules } from './custom-modules.tsx'
import { Jumps, useJump } from './jumps.tsx'
import { LiveServices } from './live-services.tsx'
import { trust } from '../../stores/trust.ts'
import { MispSettings } from './misp-settings.tsx'
import { MocksSection } from './mocks-section.tsx'
import { Storage } from './storage.tsx'
import { TemplateLimits } from './template-limits.tsx'
import { TrustSection } from './trust-section.tsx'
import './settings.css'

/** What to paste into MISP for a source. */
function addressOf(
  settings: CaptureSettings,
  source: { readonly name: string; readonly secret: string | null }
): string {
  const host =
    settings.host === '0.0.0.0' || settings.host === '::'
      ? '<this machine>'
      : settings.host.includes(':')
        ? `[${settings.host}]`
        : settings.host
  return ['http:/', `${host}:${settings.port}`, source.name, source.secret].filter(Boolean).join('/')
}

const newSecret = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

function Sources({
  settings,
  change
}: {
  settings: CaptureSettings
  change: (next: Partial<CaptureSettings>) => void
}) {
  const set = (index: number, next: { name: string; secret: string | null }) =>
    change({ sources: settings.sources.map((one, i) => (i === index ? next : one)) })
  return (
    <div className="form-row">
      <span className="label">Sources: one per MISP, distinguished by their URL</span>
      {settings.sources.map((source, i) => (
        <div key={i} className="source-row">
          <input
            className="field"
            aria-label={`Name of source ${i + 1}`}
            placeholder="name, e.g. misp-prod"
            value={source.name}
            onChange={(event) => set(i, { ...source, name: event.target.value.replace(/[^\w.-]/g, '') })}
          />
          <input
            className="field mono"
            aria-label={`Secret of source ${i + 1}`}
            placeholder="secret (optional on loopback)"
            value={source.secret ?? ''}
            onChange={(event) => set(i, { ...source, secret: event.target.value.replace(/[^\w.-]/g, '') || null })}
          />
          <button className="btn" onClick={() => set(i, { ...source, secret: newSecret() })}>
            New secret
          </button>
          <button
            className="btn quiet icon"
            aria-label={`Remove source ${i + 1}`}
            onClick={() => change({ sources: settings.sources.filter((_, at) => at !== i) })}
          >
            <Icon name="trash" />
          </button>
          <code className="mono grow ellipsis">{addressOf(settings, source)}</code>
        </div>
      ))}
      <div>
        <button
          className="btn"
          onClick={() =>
            change({
              sources: [
                ...settings.sources,
                { name: `misp-${settings.sources.length + 1}`, secret: isLoopback(settings.host) ? null : newSecret() }
              ]
            })
          }
        >
          <Icon name="plus" /> Add source
        </button>
      </div>
    </div>
  )
}

function ListenerForm({ initial }: { initial: CaptureSettings }) {
  const [settings, setSettings, draft] = useDraft('settings/listener', initial)
  const [saving, setSaving] = useState(false)
  const status = useStore(app, (state) => state.capture)
  const change = (next: Partial<CaptureSettings>) => setSettings({ ...settings, ...next })
  const open = !isLoopback(settings.host)
  const unsafe = open && (settings.sources.length === 0 || settings.sources.some((source) => !source.secret))
  const save = async () => {
    setSaving(true)
    const answer = await client.call('capture.configure', { ...settings, sources: [...settings.sources] })
    setSaving(false)
    if (!answer.ok) return showFailure(answer.error)
    draft.settle({ saved: settings })
    app.setState({ capture: answer.data })
    toast(
      answer.data.state === 'listening'
        ? `Listening on ${answer.data.url ?? ''}`
        : (answer.data.message ?? 'The listener is off'),
      { tone: answer.data.state === 'failed' ? 'error' : 'success' }
    )
  }
  return (
    <>
      <p className="muted" style={{ marginBottom: 10 }}>
        Status:{' '}
        {status?.state === 'listening'
          ? `listening, paste ${status.url ?? ''} into Plugin.Workflow_debug_url. ${status.message ?? ''}`
          : (status?.message ?? status?.state ?? 'unknown')}
      </p>
      <label className="check">
        <input
          type="checkbox"
          checked={settings.enabled}
          onChange={(event) => change({ enabled: event.target.checked })}
        />
        <span>Receive MISP’s debug posts while Retrace is open</span>
      </label>
      <div className="two">
        <div className="form-row">
          <label htmlFor="listen-host">Address</label>
          <input
            id="listen-host"
            className="field mono"
            value={settings.host}
            onChange={(event) => change({ host: event.target.value.trim() })}
          />
        </div>
        <div className="form-row">
          <label htmlFor="listen-port">Port</label>
          <input
            id="listen-port"
            className="field mono"
            type="number"
            min={0}
            max={65535}
            value={settings.port}
            onChange={(event) => change({ port: Number(event.target.value) })}
          />
        </div>
      </div>
      {open && (
        <div className="banner warn" role="alert" style={{ marginBottom: 10 }}>
          Other machines can post to Retrace, and posts contain whole events. Every source needs a secret; posts without
          it are refused (401). The traffic is not encrypted.
        </div>
      )}
      <Sources settings={settings} change={change} />
      <div className="form-row">
        <label htmlFor="listen-max">Maximum body size, MB</label>
        <input
          id="listen-max"
          className="field mono"
          style={{ width: 120 }}
          type="number"
          min={1}
          value={Math.round(settings.maxBodyBytes / 1_000_000)}
          onChange={(event) => change({ maxBodyBytes: Number(event.target.value) * 1_000_000 })}
        />
      </div>
      <div className="form-row">
        <label htmlFor="listen-forward">Forward every post to (a second listener; empty: off)</label>
        <input
          id="listen-forward"
          className="field mono"
          placeholder="http://127.0.0.1:27052"
          value={settings.forward ?? ''}
          onChange={(event) => change({ forward: event.target.value.trim() || null })}
        />
      </div>
      {status?.forward && (
        <p className={status.forward.problem ? 'banner warn' : 'muted hint'} role="status">
          Forwarded: {status.forward.sent} posts; {status.forward.failed + status.forward.skipped} failed;{' '}
          {status.forward.behind} waiting. {status.forward.problem}
        </p>
      )}
      <div className="storage-row">
        <button
          className="btn primary"
          disabled={saving || unsafe}
          onClick={() => void save()}
          title={unsafe ? 'Set a secret for every source first' : undefined}
        >
          Save and restart the listener
        </button>
        <UnsavedMark changed={draft.changed} undo={() => draft.settle()} />
      </div>
    </>
  )
}

function Listener() {
  const answer = useAnswer('capture.settings', {})
  if (!answer) return <Loading />
  return answer.ok ? <ListenerForm initial={answer.data} /> : <FailureState failure={answer.error} />
}

function WorkspaceInfo() {
  const workspace = useStore(app, (state) => state.workspace)
  if (!workspace) return null
  return (
    <>
      <dl className="props">
        <dt>Folder</dt>
        <dd className="mono">{workspace.folder}</dd>
        <dt>Writable</dt>
        <dd>{workspace.writable ? 'yes' : `no: ${workspace.readOnly ?? 'another Retrace has it open'}`}</dd>
        <dt>Contents</dt>
        <dd>
          {workspace.runs} runs, {workspace.workflows} workflows, {workspace.dataSets} data sets
        </dd>
      </dl>
      {workspace.problems.map((problem, i) => (
        <div key={i} className="banner error" style={{ marginTop: 8 }}>
          <span>
            <b className="mono">{problem.file}</b>: {problem.message}{' '}
            {problem.keptAs && (
              <>
                Kept as <span className="mono">{problem.keptAs}</span>.
              </>
            )}
          </span>
        </div>
      ))}
    </>
  )
}

function Colours() {
  const scheme = useStore(preferences, (state) => state.scheme)
  return (
    <div className="chips" role="radiogroup" aria-label="Theme">
      {(['auto', 'light', 'dark'] as const).map((one) => (
        <button
          key={one}
          className="chip"
          role="radio"
          aria-checked={scheme === one}
          onClick={() => setPreference('scheme', one)}
        >
          {one === 'auto' ? 'system' : one}
        </button>
      ))}
    </div>
  )
}

/** `#/settings`, `#/settings/live`: opens at that section. */
export default function SettingsView() {
  useJump()
  const answers = useStore(trust, (state) => state.answers)
  return (
    <div className="column">
      <div className="toolbar">
        <h1>Settings</h1>
      </div>
      <div className="settings-body grow">
        <Jumps />
        <div className="scroll settings" tabIndex={0} aria-label="Settings">
          <section className="section" aria-labelledby="set-trust">
            <h2 id="set-trust">Trust: content of this workspace</h2>
            <TrustSection />
          </section>
          <section className="section" aria-labelledby="set-listener">
            <h2 id="set-listener">Listener</h2>
            <Listener key={answers} />
          </section>
          <section className="section" aria-labelledby="set-storage">
            <h2 id="set-storage">Storage</h2>
            <Storage key={answers} />
          </section>
          <section className="section" aria-labelledby="set-misp">
            <h2 id="set-misp">Assumed MISP settings</h2>
            <MispSettings />
          </section>
          <section className="section" aria-labelledby="set-live">
            <h2 id="set-live">Live services</h2>
            <LiveServices key={answers} />
          </section>
          <section className="section" aria-labelledby="set-mocks">
            <h2 id="set-mocks">Mocks and recorded responses</h2>
            <MocksSection />
          </section>
          <section className="section" aria-labelledby="set-modules">
            <h2 id="set-modules">Custom modules</h2>
            <CustomModules />
          </section>
          <section className="section" aria-labelledby="set-templates">
            <h2 id="set-templates">Templates</h2>
            <TemplateLimits key={answers} />
          </section>
          <section className="section" aria-labelledby="set-workspace">
            <h2 id="set-workspace">Workspace</h2>
            <WorkspaceInfo />
          </section>
          <section className="section" aria-labelledby="set-look">
            <h2 id="set-look">Colours</h2>
            <Colours />
          </section>
        </div>
      </div>
    </div>
  )
}
