import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { TakeOverSource } from '../../../contract/effects.ts'
import { rtrim } from '../../../engine/php/cast.ts'
import { client } from '../../client/client.ts'
import { CheckRow, TextRow } from '../../components/form-row.tsx'
import { Icon } from '../../components/icons.tsx'
import { showFailure, toast } from '../../stores/app.ts'
import { fetchAnswers, takeover, waiting } from '../../stores/takeover.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { plural } from '../../../contract/words.ts'

/** `/workflows/view/ID.json` takes ids; of some kinds MISP also lists all, which are then read one by one. */
const takesId = (source: TakeOverSource): boolean => /\/ID(\W|$)/.test(source.url)
const orAll = new Set(['warninglists', 'galaxies'])

/** What most runs need, and nearly every key may read. */
const usual = ['version', 'workflows', 'triggers', 'modules', 'tags', 'organisations']

/** `sharing_groups` as people write it. */
export const kindWord = (kind: string): string => {
  const text = kind.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Keys of MISPs are kept under their address; others (the mail server's) are not ours here. */
const ofMisp = (names: readonly string[]): readonly string[] =>
  names.filter((name) => name.startsWith('misp ')).map((name) => name.slice('misp '.length))

function KeptKeys({
  names,
  kept,
  onGone
}: {
  names: readonly string[]
  kept: 'system' | 'memory'
  onGone: (name: string) => void
}) {
  if (ofMisp(names).length === 0) return null
  const remove = async (name: string) => {
    const answer = await client.call('keys.delete', { name: `misp ${name}` })
    if (!answer.ok) return showFailure(answer.error)
    onGone(name)
    toast('Key deleted')
  }
  return (
    <div style={{ fontSize: 12, marginTop: 8 }}>
      <span className="muted">
        Saved keys: {kept === 'system' ? 'in the system’s keychain' : 'until Retrace is closed'}:
      </span>
      {ofMisp(names).map((name) => (
        <span key={name} style={{ display: 'inline-flex', gap: 4, alignItems: 'center', marginLeft: 8 }}>
          <span className="mono">{name}</span>
          <button
            className="btn quiet icon"
            aria-label={`Delete the key for ${name}`}
            title="Delete"
            onClick={() => void remove(name)}
          >
            <Icon name="trash" />
          </button>
        </span>
      ))}
    </div>
  )
}

interface Wanted {
  readonly chosen: ReadonlySet<string>
  /** As they were typed, by kind. */
  readonly ids: Readonly<Record<string, string>>
}

function requestsOf(
  sources: readonly TakeOverSource[],
  { chosen, ids }: Wanted
): { readonly kind: string; readonly id?: string }[] {
  return sources
    .filter(({ kind }) => chosen.has(kind))
    .flatMap((source) => {
      const { kind } = source
      const own = takesId(source) ? (ids[kind] ?? '').split(/[\s,]+/).filter(Boolean) : []
      if (own.length > 0) return own.map((id) => ({ kind, id }))
      return takesId(source) && !orAll.has(kind) ? [] : [{ kind }]
    })
}

function WhatToFetch({
  sources,
  wanted,
  onChange
}: {
  sources: readonly TakeOverSource[]
  wanted: Wanted
  onChange: (wanted: Wanted) => void
}) {
  const { chosen, ids } = wanted
  const toggle = (kind: string) => {
    const next = new Set(chosen)
    if (!next.delete(kind)) next.add(kind)
    onChange({ ...wanted, chosen: next })
  }
  return (
    <fieldset className="fetch-what">
      <legend>What to fetch</legend>
      {sources.map((source) => (
        <div key={`${source.kind} ${source.url}`} className="fetch-row">
          <CheckRow
            style={{ margin: 0 }}
            label={kindWord(source.kind)}
            checked={chosen.has(source.kind)}
            onChange={() => toggle(source.kind)}
          />
          {takesId(source) && chosen.has(source.kind) && (
            <input
              className="field mono"
              aria-label={`IDs of ${kindWord(source.kind)}`}
              placeholder={orAll.has(source.kind) ? 'ids; empty: all' : 'IDs, e.g. 1, 2, 7'}
              value={ids[source.kind] ?? ''}
              onChange={(event) => onChange({ ...wanted, ids: { ...ids, [source.kind]: event.target.value } })}
            />
          )}
        </div>
      ))}
    </fieldset>
  )
}

interface FetchFormProps {
  readonly address: string
  readonly sources: readonly TakeOverSource[]
  /** Begins a new world. */
  readonly fresh: boolean
  readonly taken: () => void
}

/** Address and key of a person's own MISP. It only reads; the key is never written to the workspace. */
export function FetchForm({ address, sources, fresh, taken }: FetchFormProps) {
  const keys = useAnswer('keys.list', {})
  const [names, setNames] = useState<readonly string[]>([])
  const [key, setKey] = useState('')
  const [keep, setKeep] = useState(false)
  const [selfSigned, setSelfSigned] = useState(false)
  const [wanted, setWanted] = useState<Wanted>({ chosen: new Set(usual), ids: {} })
  const busy = useStore(takeover, (state) => state.busy !== null)
  useEffect(() => {
    if (keys?.ok) setNames(keys.data.names)
  }, [keys])
  const kept = keys?.ok ? keys.data.kept : 'memory'
  const what = requestsOf(sources, wanted)
  const knownKey = address !== '' && ofMisp(names).some((name) => rtrim(address, '/') === name)
  const lacks = !/^https?:\/\/\S+$/.test(address)
    ? 'Enter the address of your MISP above, including https://.'
    : key === '' && !knownKey
      ? 'An auth key is required.'
      : what.length === 0
        ? 'Choose what to fetch. Events need an ID.'
        : null
  const ready = lacks === null && !busy
  const send = async () => {
    const given = { address, ...(key === '' ? {} : { key }), keepKey: keep, selfSigned, newWorld: fresh, what }
    const done = await fetchAnswers(given)
    // What was refused is tried again with another address or another choice: the key is not typed for each.
    if (done !== null) {
      taken()
      setKey('')
    }
    const came = done?.some(({ to, count }) => to !== 'nothing' && count > 0) ?? false
    if (came && waiting(takeover.getState().rows).length === 0) toast('Imported', { tone: 'success' })
    const again = await client.call('keys.list', {})
    if (again.ok) setNames(again.data.names)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) void send()
      }}
    >
      <p className="muted" style={{ fontSize: 12, marginBottom: 8 }}>
        The key is only sent to that address and never stored in the workspace. Create it in MISP under My Profile ›
        Auth keys; a read-only key is enough.
      </p>
      <div className="fetch-grid">
        <TextRow
          mono
          id="fetch-key"
          label={`Auth key${knownKey ? ' (a key is saved for this address)' : ''}`}
          type="password"
          autoComplete="off"
          value={key}
          onChange={setKey}
        />
      </div>
      <CheckRow
        label={
          kept === 'system'
            ? 'Save the key in the system’s keychain'
            : 'Keep the key until Retrace is closed (this system has no keychain, so it is not written to disk)'
        }
        checked={keep}
        onChange={setKeep}
      />
      <CheckRow label="Accept a self-signed certificate" checked={selfSigned} onChange={setSelfSigned} />
      <WhatToFetch sources={sources} wanted={wanted} onChange={setWanted} />
      <button className="btn primary" type="submit" disabled={!ready}>
        <Icon name="download" /> Fetch {what.length > 0 ? plainCount(what.length) : ''}
      </button>
      {lacks !== null && (
        <span className="muted" style={{ marginLeft: 8, fontSize: 12 }}>
          {lacks}
        </span>
      )}
      <KeptKeys names={names} kept={kept} onGone={(name) => setNames(names.filter((one) => one !== `misp ${name}`))} />
    </form>
  )
}

const plainCount = (count: number): string => plural(count, 'response')
