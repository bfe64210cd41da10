// What captured posts take on disk, compacting them, and the rules by which old runs go. Nothing goes that was not shown before.
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { RetentionPlan, RetentionRules, StorageInfo } from '../../../contract/workspace.ts'
import { client } from '../../client/client.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { TextRow } from '../../components/form-row.tsx'
import { UnsavedMark } from '../../components/unsaved-mark.tsx'
import { formatBytes, formatTime } from '../../components/format.ts'
import { plural } from '../../../contract/words.ts'
import { Icon } from '../../components/icons.tsx'
import { app, showFailure, toast } from '../../stores/app.ts'
import { buildHash } from '../../stores/router.ts'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useDraft } from '../../hooks/use-draft.ts'

const limits = [
  { rule: 'maxAgeDays', label: 'Days since a run ended', unit: 1 },
  { rule: 'maxRuns', label: 'Number of runs', unit: 1 },
  { rule: 'maxBytes', label: 'MB of posts', unit: 1_000_000 }
] as const

const none: RetentionRules = { maxAgeDays: null, maxRuns: null, maxBytes: null }
const isNone = (rules: RetentionRules): boolean => limits.every(({ rule }) => rules[rule] === null)
const when = (iso: string | null): string => (iso === null ? '' : formatTime(iso))

function Plan({ plan, label }: { plan: RetentionPlan; label: string }) {
  const pinned =
    plan.keptPinned === 0 ? '' : ` ${plural(plan.keptPinned, 'pinned run')} would be affected, too, but stay.`
  if (plan.runs === 0)
    return (
      <p role="status" className="muted">
        Nothing would be removed.{pinned}
      </p>
    )
  return (
    <>
      <p role="status">
        {plural(plan.runs, 'run')} with {plural(plan.posts, 'post')} ({formatBytes(plan.bytes)}), from{' '}
        {when(plan.oldest)} to {when(plan.newest)}.{pinned}
      </p>
      <ul className="storage-runs" aria-label={label} tabIndex={0}>
        {plan.first.map((run) => (
          <li key={run.id}>
            <a href={buildHash(['runs', run.id])}>{run.id}</a> {when(run.startedAt)} · {run.trigger} ·{' '}
            {run.event?.info ?? 'no event'} · {formatBytes(run.size)}
          </li>
        ))}
        {plan.runs > plan.first.length && <li className="muted">and {plan.runs - plan.first.length} more</li>}
      </ul>
    </>
  )
}

function Compact({ info, again }: { info: StorageInfo; again: () => void }) {
  const job = useStore(app, (state) => state.jobs.find((one) => one.jobId.startsWith('storage-')))
  const [busy, setBusy] = useState(false)
  const compact = async () => {
    setBusy(true)
    const answer = await client.call('storage.compact', {})
    setBusy(false)
    if (!answer.ok) return showFailure(answer.error)
    const { before, after, stopped } = answer.data
    const text =
      before === 0
        ? 'Everything is already compacted'
        : `Compacted from ${formatBytes(before)} to ${formatBytes(after)}`
    toast(stopped ? `Stopped; ${text}` : text)
    again()
  }
  return (
    <div className="form-row">
      <p>
        {plural(info.runs, 'captured run')}, {plural(info.posts, 'post')}: {formatBytes(info.postBytes)} uncompressed,{' '}
        {formatBytes(info.diskBytes)} on disk.
      </p>
      <p className="muted hint">
        Compacting stores data that posts share only once. Lossless. Full segments are compacted automatically.
      </p>
      <div className="storage-row">
        <button className="btn" disabled={busy} onClick={() => void compact()}>
          Compact now
        </button>
        {busy && (
          <>
            <progress aria-label="Compacting" max={100} {...(job ? { value: job.done } : {})} />
            <button className="btn quiet" onClick={() => void client.call('storage.stop', {})}>
              Stop
            </button>
          </>
        )}
      </div>
    </div>
  )
}

function usePreview(rules: RetentionRules): RetentionPlan | null {
  const [plan, setPlan] = useState<RetentionPlan | null>(null)
  const key = JSON.stringify(rules)
  useEffect(() => {
    setPlan(null)
    if (isNone(rules)) return
    let current = true
    const timer = setTimeout(async () => {
      const answer = await client.call('storage.preview', { rules })
      if (current && answer.ok) setPlan(answer.data)
    }, 150)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [key])
  return plan
}

function Retention({ info, again }: { info: StorageInfo; again: () => void }) {
  const [rules, setRules, draft] = useDraft('settings/retention', info.rules ?? none)
  const [busy, setBusy] = useState(false)
  const plan = usePreview(rules)
  const saved = JSON.stringify(rules) === JSON.stringify(info.rules)
  const use = async (next: RetentionRules | null) => {
    const answer = await client.call('storage.setRules', { rules: next })
    if (!answer.ok) return showFailure(answer.error)
    draft.settle({ saved: next ?? none })
    toast(next === null ? 'Automatic removal is off' : 'Saved')
    again()
  }
  const remove = async () => {
    if (!plan?.newest) return
    setBusy(true)
    const answer = await client.call('storage.remove', { rules, until: plan.newest })
    setBusy(false)
    if (!answer.ok) return showFailure(answer.error)
    toast(`${plural(answer.data.runs, 'run')} removed, ${formatBytes(answer.data.bytes)} freed`)
    setRules({ ...rules })
    again()
  }
  return (
    <div role="group" aria-label="Removing old runs">
      <h3 className="sub-heading">Removing old runs</h3>
      <p className="muted hint">
        {info.rules === null ? 'Off: nothing is removed automatically. ' : 'On. '}
        Pinned runs stay. Local runs are not touched. Runs due for removal are listed here one day before.
      </p>
      <div className="storage-row">
        {limits.map(({ rule, label, unit }) => (
          <TextRow
            mono
            key={rule}
            id={`keep-${rule}`}
            label={`${label}, at most`}
            type="number"
            min={0}
            placeholder="no limit"
            value={rules[rule] === null ? '' : rules[rule] / unit}
            onChange={(text) => setRules({ ...rules, [rule]: text === '' ? null : Number(text) * unit })}
          />
        ))}
      </div>
      {plan && <Plan plan={plan} label="Runs that would be removed" />}
      <div className="storage-row">
        <button className="btn" disabled={isNone(rules) || saved || !plan} onClick={() => void use(rules)}>
          {info.rules === null ? 'Switch on' : 'Change'}
        </button>
        <UnsavedMark changed={draft.changed} undo={() => draft.settle()} />
        {info.rules !== null && (
          <button className="btn" onClick={() => void use(null)}>
            Switch off
          </button>
        )}
        <button className="btn danger" disabled={busy || !plan?.runs} onClick={() => void remove()}>
          <Icon name="trash" /> Remove {plan?.runs ? plural(plan.runs, 'run') : 'runs'} now, permanently
        </button>
      </div>
      {info.next && (
        <>
          <h3 className="sub-heading">Removed automatically after {when(info.next.at)}</h3>
          <Plan plan={info.next.plan} label="Runs due for removal" />
        </>
      )}
    </div>
  )
}

export function Storage() {
  const [round, setRound] = useState(0)
  return <Loaded key={round} again={() => setRound(round + 1)} />
}

function Loaded({ again }: { again: () => void }) {
  const answer = useAnswer('storage.info', {})
  if (!answer) return <Loading />
  if (!answer.ok) return <FailureState failure={answer.error} />
  return (
    <>
      <Compact info={answer.data} again={again} />
      <Retention info={answer.data} again={again} />
    </>
  )
}
