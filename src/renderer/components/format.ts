// How numbers, times and outcomes are written, everywhere the same.
import type { NodeResult, Outcome } from '../../contract/run.ts'
import type { RunStep, RunSummary } from '../../contract/run-views.ts'

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return ''
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

export function formatMs(ms: number | null): string {
  if (ms === null) return ''
  if (ms < 1) return ms <= 0 ? '0 ms' : '<1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  const minutes = Math.floor(ms / 60_000)
  return minutes < 60
    ? `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString()
const pad = (value: number) => String(value).padStart(2, '0')

/** 2026-01-31, in the time zone of who looks. */
export function formatDate(time: Date | number): string {
  const at = new Date(time)
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}

/** Today's as a time, others with their date. */
export function formatTime(iso: string, now = new Date()): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`
  return sameDay(at, now) ? time : `${formatDate(at)} ${time}`
}

/** A time to the minute, for what happened at some point in a minute, such as an autosave. */
export const formatMinute = (iso: string, now = new Date()): string => formatTime(iso, now).replace(/:\d\d$/, '')

/** How well the posts of a captured run fit together. */
export const formatGrouping = (confidence: number): string => `Grouping: ${Math.round(confidence * 100)} %`

const tones: Record<Outcome, string> = {
  success: 'ok',
  blocked: 'blocked',
  failure: 'failure',
  aborted: 'aborted',
  'not started': '',
  'cannot tell': '',
  'no end': ''
}

/** MISP does not say that it still works on a run: its last post did not come, or not yet. */
const isOpen = ({ origin, state }: Pick<RunSummary, 'origin' | 'state'>): boolean =>
  origin === 'captured' && state === 'running'

export const outcomeTone = (run: Pick<RunSummary, 'state' | 'outcome'>): string =>
  run.state === 'running' || run.state === 'paused' ? 'running' : run.outcome ? tones[run.outcome] : ''
export const outcomeLabel = (run: Pick<RunSummary, 'origin' | 'state' | 'outcome'>): string =>
  isOpen(run)
    ? 'no end yet'
    : run.state === 'running' || run.state === 'paused' || run.state === 'cancelled' || run.state === 'unreadable'
      ? run.state
      : (run.outcome ?? 'no end')

export const resultTone = (result: NodeResult | 'running', success: boolean): string =>
  result === 'running'
    ? 'running'
    : result === 'success'
      ? 'ok'
      : result === 'partial-success'
        ? success
          ? 'ok'
          : 'failure'
        : 'blocked'

export const resultLabels: Record<NodeResult | 'running', string> = {
  running: 'running',
  success: 'success',
  'partial-success': 'failed',
  disabled_module: 'disabled module',
  loading_error: 'unknown module',
  error: 'exception'
}

/** Which way a step went on, where it had a choice. */
export const branchLabel = ({ moduleType, branch }: Pick<RunStep, 'moduleType' | 'branch'>): string | null =>
  moduleType !== 'logic' || branch === null
    ? null
    : branch === 'output_1'
      ? 'true'
      : branch === 'output_2'
        ? 'false'
        : 'jobs'
