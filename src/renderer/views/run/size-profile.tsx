import { useMemo } from 'react'
import type { MouseEvent } from 'react'
import type { RunDetail } from '../../../contract/run-views.ts'
import { formatBytes } from '../../components/format.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

const noSizes: readonly number[] = []

/** No more points than the strip has pixels; of many steps in one, the largest is shown. */
function profileOf(sizes: readonly number[]): { readonly largest: number; readonly points: string } {
  const largest = sizes.reduce((most, size) => Math.max(most, size), 1)
  const last = Math.max(1, sizes.length - 1)
  const perPoint = Math.ceil(sizes.length / 1000)
  const points: string[] = []
  for (let i = 0; i < sizes.length; i += perPoint) {
    const size = sizes.slice(i, i + perPoint).reduce((most, one) => Math.max(most, one), 0)
    points.push(`${((i / last) * 1000).toFixed(1)},${(17 - (size / largest) * 15).toFixed(2)}`)
  }
  return { largest, points: points.join(' ') }
}

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
  const sizes = answer?.ok ? answer.data.sizes : noSizes
  const { largest, points } = useMemo(() => profileOf(sizes), [sizes])
  if (state === 'running' || sizes.length < 2) return <div className="size-profile" />
  const last = sizes.length - 1
  const choose = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    onStep(Math.round(((event.clientX - box.left) / box.width) * last))
  }
  const at = sizes[step] ?? 0
  const text = `Data size: ${formatBytes(at)} at step ${step}, maximum ${formatBytes(largest)}`
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
