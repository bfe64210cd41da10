// Where MISP's posts are taken: address, who may post, what is passed on.
import { useState } from 'react'
import { useStore } from 'zustand'
import { isLoopback } from '../../../contract/loopback.ts'
import type { CaptureSettings } from '../../../contract/workspace.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { CheckRow, TextRow } from '../../components/form-row.tsx'
import { Icon } from '../../components/icons.tsx'
import { UnsavedMark } from '../../components/unsaved-mark.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useDraft } from '../../hooks/use-draft.ts'
import { app, showFailure, toast } from '../../stores/app.ts'

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

function Status() {
  const status = useStore(app, (state) => state.capture)
  return (
    <p className="muted" style={{ marginBottom: 10 }}>
      Status:{' '}
      {status?.state === 'listening'
        ? `listening, paste ${status.url ?? ''} into Plugin.Workflow_debug_url. ${status.message ?? ''}`
        : (status?.message ?? status?.state ?? 'unknown')}
      {status?.elsewhere &&
        ` Posts are taken by ${status.elsewhere}; where that is “retrace listen”, its address and port are those of its command line.`}
    </p>
  )
}

function Forwarded() {
  const forward = useStore(app, (state) => state.capture?.forward)
  if (!forward) return null
  return (
    <p className={forward.problem ? 'banner warn' : 'muted hint'} role="status">
      Forwarded: {forward.sent} posts; {forward.failed + forward.skipped} failed; {forward.behind} waiting.{' '}
      {forward.problem}
    </p>
  )
}

function ListenerForm({ initial }: { initial: CaptureSettings }) {
  const [settings, setSettings, draft] = useDraft('settings/listener', initial)
  const [saving, setSaving] = useState(false)
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
    const { state, url, message } = answer.data
    toast(state === 'listening' ? `Listening on ${url ?? ''}` : (message ?? 'The listener is off'), {
      tone: state === 'failed' ? 'error' : 'success'
    })
  }
  return (
    <>
      <Status />
      <CheckRow
        label="Receive MISP’s debug posts while Retrace is open"
        checked={settings.enabled}
        onChange={(enabled) => change({ enabled })}
      />
      <div className="two">
        <TextRow
          mono
          id="listen-host"
          label="Address"
          value={settings.host}
          onChange={(text) => change({ host: text.trim() })}
        />
        <TextRow
          mono
          id="listen-port"
          label="Port"
          type="number"
          min={0}
          max={65535}
          value={settings.port}
          onChange={(text) => change({ port: Number(text) })}
        />
      </div>
      {open && (
        <div className="banner warn" role="alert" style={{ marginBottom: 10 }}>
          Other machines can post to Retrace, and posts contain whole events. Every source needs a secret; posts without
          it are refused (401). The traffic is not encrypted.
        </div>
      )}
      <Sources settings={settings} change={change} />
      <TextRow
        mono
        id="listen-max"
        label="Maximum body size, MB"
        style={{ width: 120 }}
        type="number"
        min={1}
        value={Math.round(settings.maxBodyBytes / 1_000_000)}
        onChange={(text) => change({ maxBodyBytes: Number(text) * 1_000_000 })}
      />
      <TextRow
        mono
        id="listen-forward"
        label="Forward every post to (a second listener; empty: off)"
        placeholder="http://127.0.0.1:27052"
        value={settings.forward ?? ''}
        onChange={(text) => change({ forward: text.trim() || null })}
      />
      <Forwarded />
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

export function Listener() {
  const answer = useAnswer('capture.settings', {})
  if (!answer) return <Loading />
  return answer.ok ? <ListenerForm initial={answer.data} /> : <FailureState failure={answer.error} />
}
