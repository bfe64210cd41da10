import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import type { ConnectionTest, LiveSettings } from '../../../contract/effects.ts'
import type { Params } from '../../../contract/operations.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { AreaRow, CheckRow, TextRow } from '../../components/form-row.tsx'
import { UnsavedMark } from '../../components/unsaved-mark.tsx'
import { formatMs } from '../../components/format.ts'
import { Icon } from '../../components/icons.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useDraft } from '../../hooks/use-draft.ts'

type Kind = Params<'live.test'>['kind']

/** Contacts the service once, because a person asked. */
function TestConnection({ kind, name, url, disabled }: { kind: Kind; name: string; url?: string; disabled?: boolean }) {
  const [result, setResult] = useState<ConnectionTest | null>(null)
  const [testing, setTesting] = useState(false)
  const test = async () => {
    setTesting(true)
    setResult(null)
    const answer = await client.call('live.test', { kind, ...(url ? { url } : {}) })
    setTesting(false)
    setResult(answer.ok ? answer.data : { ok: false, message: answer.error.message, ms: 0 })
  }
  return (
    <span className="test-line">
      <button
        className="btn"
        type="button"
        aria-label={`Test connection to ${name}`}
        disabled={testing || disabled}
        onClick={() => void test()}
      >
        <Icon name="plug" /> {testing ? 'Testing…' : 'Test connection'}
      </button>
      <span role="status">
        {result && (
          <>
            <span className={`tag ${result.ok ? 'ok' : 'blocked'}`}>{result.ok ? 'ok' : 'failed'}</span>{' '}
            {result.message} {result.ms > 0 && <span className="muted">{formatMs(result.ms)}</span>}
          </>
        )}
      </span>
    </span>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="live-group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  )
}

type Draft = { -readonly [K in keyof LiveSettings]: LiveSettings[K] }

function HttpGroup({
  value,
  changed,
  onChange
}: {
  value: LiveSettings['http']
  /** Not saved yet: a test would not know of it. */
  changed: boolean
  onChange: (next: LiveSettings['http']) => void
}) {
  const [text, setText] = useState(value.allow.join('\n'))
  const [url, setUrl] = useState('')
  return (
    <Group title="HTTP (webhooks, MS Teams, Telegram, Splunk)">
      <AreaRow
        mono
        id="live-allow"
        label="Private addresses that may be contacted, one per line"
        rows={3}
        spellCheck={false}
        placeholder={'splunk.intern.example:8088\n*.example.org\n10.0.0.0/24'}
        value={text}
        onChange={(next) => {
          setText(next)
          onChange({ ...value, allow: next.split(/\s+/).filter(Boolean) })
        }}
      />
      <p className="muted hint">
        All other loopback, private and metadata addresses are refused in live runs, so that an untrusted workflow
        cannot reach your internal network.
      </p>
      <CheckRow
        label="Allow only these addresses, no public ones"
        checked={value.onlyAllowed}
        onChange={(onlyAllowed) => onChange({ ...value, onlyAllowed })}
      />
      <div className="live-row">
        <TextRow
          mono
          id="live-timeout"
          label="Timeout, seconds"
          type="number"
          value={value.timeoutSeconds}
          onChange={(next) => onChange({ ...value, timeoutSeconds: Number(next) })}
        />
        <TextRow mono id="live-url" label="URL to test" value={url} placeholder="https://…" onChange={setUrl} />
      </div>
      <TestConnection kind="http" name="a URL" url={url} disabled={changed || !/^https?:\/\/\S+/.test(url)} />
    </Group>
  )
}

function SmtpGroup({
  value,
  saved,
  password,
  onChange,
  onPassword,
  test
}: {
  value: LiveSettings['smtp']
  saved: LiveSettings['smtp']
  password: string | null
  onChange: (next: LiveSettings['smtp']) => void
  onPassword: (next: string) => void
  test: ReactNode
}) {
  const set = (next: Partial<LiveSettings['smtp']>) => onChange({ ...value, ...next })
  // A password is kept for one server and user.
  const isKept =
    saved.hasPassword && value.host === saved.host && value.port === saved.port && value.user === saved.user
  return (
    <Group title="Mail (SMTP)">
      <div className="live-row">
        <TextRow
          mono
          id="smtp-host"
          label="Host"
          value={value.host}
          placeholder="smtp.example.org"
          onChange={(host) => set({ host })}
        />
        <TextRow
          mono
          id="smtp-port"
          label="Port"
          type="number"
          value={value.port}
          onChange={(port) => set({ port: Number(port) })}
        />
        <TextRow
          mono
          id="smtp-from"
          label="From"
          value={value.from}
          placeholder="misp@example.org"
          onChange={(from) => set({ from })}
        />
        <TextRow mono id="smtp-user" label="User" value={value.user} onChange={(user) => set({ user })} />
        <TextRow
          mono
          id="smtp-password"
          label={isKept ? 'Password (one is saved)' : 'Password for this server and user'}
          type="password"
          value={password ?? ''}
          placeholder={isKept ? '••••••' : ''}
          onChange={onPassword}
        />
      </div>
      <CheckRow label="Implicit TLS (port 465)" checked={value.secure} onChange={(secure) => set({ secure })} />
      <CheckRow
        label="Accept a self-signed certificate"
        checked={value.selfSigned}
        onChange={(selfSigned) => set({ selfSigned })}
      />
      <CheckRow
        label="Send the password also without TLS, where others on the way can read it"
        checked={value.plain}
        onChange={(plain) => set({ plain })}
      />
      {test}
    </Group>
  )
}

function LiveForm({ initial }: { initial: LiveSettings }) {
  const [saved, setSaved] = useState(initial)
  const [draft, setDraft, state] = useDraft<Draft>('settings/live', saved)
  useEffect(() => setSaved(initial), [initial])
  const [password, setPassword] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const [undone, setUndone] = useState(0)
  const undo = () => {
    state.settle()
    setPassword(null)
    setUndone(undone + 1)
  }
  const changed = password !== null || JSON.stringify(draft) !== JSON.stringify(saved)
  const save = async () => {
    setSaving(true)
    const { hasPassword: _has, ...smtp } = draft.smtp
    const answer = await client.call('live.configure', {
      http: { ...draft.http, allow: [...draft.http.allow] },
      smtp: { ...smtp, ...(password === null ? {} : { password }) },
      zmq: draft.zmq,
      mispModules: { url: draft.mispModules.url }
    })
    setSaving(false)
    if (!answer.ok) return showFailure(answer.error)
    setSaved(answer.data)
    state.settle({ saved: answer.data })
    setPassword(null)
    toast('Saved', { tone: 'success' })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p className="muted hint">
        Used only by live runs, which ask first. Tests use the saved settings. Passwords are stored outside the
        workspace.
      </p>
      <HttpGroup key={undone} value={draft.http} changed={changed} onChange={(http) => setDraft({ ...draft, http })} />
      <SmtpGroup
        value={draft.smtp}
        saved={saved.smtp}
        password={password}
        onChange={(smtp) => setDraft({ ...draft, smtp })}
        onPassword={setPassword}
        test={<TestConnection kind="mail" name="the mail server" disabled={changed || saved.smtp.host === ''} />}
      />
      <Group title="ZMQ">
        <div className="live-row">
          <TextRow
            mono
            id="zmq-host"
            label="Publish on address"
            value={draft.zmq.host}
            onChange={(host) => setDraft({ ...draft, zmq: { ...draft.zmq, host } })}
          />
          <TextRow
            mono
            id="zmq-port"
            label="Port"
            type="number"
            value={draft.zmq.port}
            onChange={(port) => setDraft({ ...draft, zmq: { ...draft.zmq, port: Number(port) } })}
          />
        </div>
        <TestConnection kind="zmq" name="ZMQ" disabled={changed} />
      </Group>
      <Group title="misp-modules">
        <div className="live-row">
          <TextRow
            mono
            id="modules-url"
            label="Address (empty: as MISP’s settings say)"
            value={draft.mispModules.url}
            placeholder="http://127.0.0.1:6666"
            onChange={(url) => setDraft({ ...draft, mispModules: { ...draft.mispModules, url } })}
          />
        </div>
        <TestConnection kind="misp-modules" name="misp-modules" disabled={changed} />
      </Group>
      <div className="storage-row">
        <button className="btn primary" type="submit" disabled={!changed || saving}>
          Save live services
        </button>
        <UnsavedMark changed={changed} undo={undo} />
      </div>
    </form>
  )
}

export function LiveServices() {
  const answer = useAnswer('live.settings', {})
  const [initial, setInitial] = useState<LiveSettings | null>(null)
  useEffect(() => {
    if (answer?.ok) setInitial(answer.data)
  }, [answer])
  if (answer && !answer.ok) return <FailureState failure={answer.error} />
  return initial ? <LiveForm initial={initial} /> : <Loading />
}
