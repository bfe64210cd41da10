import type { MouseEvent } from 'react'
import type { RunDetail } from '../../../contract/run-views.ts'
import { formatBytes } from '../../components/format.ts'
import { useAnswer } from './use-answer.ts'

/** The size of the data at each step as a thin profile; a click goes to the step. */
export function SizeProfile({
  detail,
  step,
  onStep
}: {
  detail: RunDetail
  step: number
  onStep: (step: number) => void
}) {
  const { id, state } = detail.summary
  const answer = useAnswer('run.sizes', { runId: id })
  const sizes = answer?.ok ? answer.data.sizes : []
  if (state === 'running' || sizes.length < 2) return <div className="size-profile" />
  const largest = Math.max(1, ...sizes.slice(0, 100_000))
  const last = sizes.length - 1
  const y = (size: number) => 17 - (size / largest) * 15
  const points = sizes.map((size, i) => `${(i / last) * 1000},${y(size).toFixed(2)}`).join(' ')
  const choose = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    onStep(Math.round(((event.clientX - box.left) / box.width) * last))
  }
  const at = sizes[step] ?? 0
  const text = `Size of the data: ${formatBytes(at)} at step ${step}, at most ${formatBytes(largest)}`
  return (
    <div className="size-profile" role="img" aria-label={text} title={text} onClick={choose}>
      <svg viewBox="0 0 1000 18" preserveAspectRatio="none" aria-hidden>
        <polygon points={`0,18 ${points} 1000,18`} />
        <line x1={(step / last) * 1000} x2={(step / last) * 1000} y1="0" y2="18" />
      </svg>
      <span>{formatBytes(at)}</span>
    </div>
  )
}
