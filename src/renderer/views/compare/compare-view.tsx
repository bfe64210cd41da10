import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { runTitle } from '../../../contract/run-views.ts'
import type { RunComparison } from '../../../contract/comparison.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { Panes } from '../../components/panes.tsx'
import { useAnswer } from '../../hooks/use-answer.ts'
import { useSettled } from '../../hooks/use-settled.ts'
import { useTitle } from '../../hooks/use-title.ts'
import { chooseOther } from '../../stores/other-run.ts'
import { addCommands } from '../../stores/commands.ts'
import { navigate } from '../../stores/router.ts'
import { loadRun, openRun, openRuns } from '../../stores/run.ts'
import type { OpenRun } from '../../stores/run.ts'
import '../../step/step.css'
import { CompareGraph } from './compare-graph.tsx'
import { CompareHead, Summary } from './compare-head.tsx'
import { CompareInspector } from './compare-inspector.tsx'
import { CompareTimeline, compareShare } from './compare-timeline.tsx'
import { firstLine, goToLine, linesOf, lineWith, nextDifference, stepsOf } from './lines.ts'
import type { Lines, Steps } from './lines.ts'
import './compare.css'

interface CompareViewProps {
  readonly left: string
  readonly right: string
  /** Of the timeline; -1: where the runs took different ways. */
  readonly line: number
}

/** Two runs as one graph and one timeline. */
export default function CompareView({ left, right, line }: CompareViewProps) {
  useEffect(() => {
    openRun(left)
    openRun(right)
  }, [left, right])
  const runs = useStore(openRuns, ({ byId }) => byId)
  const [a, b] = [runs.get(left), runs.get(right)]
  const shown = useShown()
  useTitle(a?.detail && b?.detail ? `${runTitle(a.detail.summary)} compared` : null)
  const failure = a?.failure ?? b?.failure
  const again = () => void Promise.all([loadRun(left), loadRun(right)])
  if (failure) return <FailureState failure={failure} retry={again} />
  if (!a?.detail || !b?.detail) return <Loading label="Opening both runs" />
  // A run that goes on is compared again as far as it came.
  const how = [a, b].map(({ detail }) => `${detail?.steps.length} ${detail?.summary.state}`).join()
  return <Compared key={`${left} ${right} ${how}`} runs={[a, b]} left={left} right={right} line={line} shown={shown} />
}

/** What is shown how, also when other runs or the same ones the other way round are compared. */
function useShown() {
  const [raw, setRaw] = useState(false)
  const [isShort, setShort] = useState(false)
  const swapped = useRef<Steps | null>(null)
  return useMemo(() => ({ raw, setRaw, isShort, setShort, swapped }), [raw, isShort])
}

interface ComparedProps extends CompareViewProps {
  readonly runs: readonly [OpenRun, OpenRun]
  readonly shown: ReturnType<typeof useShown>
}

function Compared({ runs, left, right, line, shown }: ComparedProps) {
  const answer = useAnswer('runs.compare', { runId: left, otherId: right })
  if (!answer) return <Loading label="Comparing both runs" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  return <Loaded runs={runs} comparison={answer.data} wanted={line} shown={shown} />
}

const openInspector = (): void => document.getElementById('compare-parts')?.focus()

interface LoadedProps {
  readonly runs: readonly [OpenRun, OpenRun]
  readonly comparison: RunComparison
  readonly wanted: number
  readonly shown: ReturnType<typeof useShown>
}

function Loaded({ runs, comparison, wanted, shown }: LoadedProps) {
  const { raw, setRaw, isShort, setShort, swapped } = shown
  const [a, b] = [runs[0].detail!, runs[1].detail!]
  const lines = useMemo(() => linesOf(a, b, comparison), [a, b, comparison])
  const first = useMemo(() => lineWith(lines, swapped.current) ?? firstLine(lines), [lines, swapped])
  const line = wanted >= 0 && wanted <= lines.rows.length ? wanted : first
  const settled = useSettled(line)
  const go = (to: number) => goToLine(a.summary.id, b.summary.id, to)
  const current = useRef(line)
  current.current = line
  const swap = () => {
    const [stepA, stepB] = stepsOf(lines, current.current)
    swapped.current = { a: stepB?.step ?? null, b: stepA?.step ?? null }
    navigate(['runs', b.summary.id], { with: a.summary.id })
  }
  useEffect(() => {
    if (swapped.current) go(line)
    swapped.current = null
  }, [])
  const choose = () => void chooseOther(a.summary)
  useCompareCommands(lines, current, { choose, swap, setRaw, setShort })
  const share = compareShare(lines)
  return (
    <div className="column compare">
      <CompareHead {...{ lines, line, choose, swap, isShort, setShort }} />
      <Summary lines={lines} />
      <div className="grow" style={{ minHeight: 0 }}>
        <Panes
          name="compare"
          direction="row"
          panes={[
            {
              id: 'overview',
              size: 58,
              min: 30,
              content: (
                <Panes
                  name="compare-overview"
                  direction="column"
                  panes={[
                    {
                      id: 'graph',
                      size: 100 - share,
                      min: 15,
                      content: <CompareGraph lines={lines} runs={runs} line={line} onLine={go} onOpen={openInspector} />
                    },
                    {
                      id: 'timeline',
                      size: share,
                      min: 15,
                      content: <CompareTimeline {...{ lines, line, isShort }} onLine={go} onOpen={openInspector} />
                    }
                  ]}
                />
              )
            },
            {
              id: 'inspector',
              size: 42,
              min: 22,
              content: <CompareInspector lines={lines} line={settled} raw={raw} setRaw={setRaw} />
            }
          ]}
        />
      </div>
    </div>
  )
}

interface Switches {
  readonly choose: () => void
  readonly swap: () => void
  readonly setRaw: (change: (was: boolean) => boolean) => void
  readonly setShort: (change: (was: boolean) => boolean) => void
}

function useCompareCommands(lines: Lines, current: { readonly current: number }, switches: Switches): void {
  const latest = useRef(switches)
  latest.current = switches
  useEffect(() => {
    const [a, b] = [lines.a.summary.id, lines.b.summary.id]
    const go = (to: number | null) => to !== null && goToLine(a, b, Math.max(0, Math.min(lines.rows.length, to)))
    const difference = (by: 1 | -1) => () => void go(nextDifference(lines.differing, current.current, by))
    const group = 'Compare'
    return addCommands([
      { id: 'compare.next', title: 'Next difference', group, keys: ']', run: difference(1) },
      { id: 'compare.previous', title: 'Previous difference', group, keys: '[', run: difference(-1) },
      { id: 'compare.down', title: 'Next line', group, keys: 'j', run: () => void go(current.current + 1) },
      { id: 'compare.up', title: 'Previous line', group, keys: 'k', run: () => void go(current.current - 1) },
      { id: 'compare.start', title: 'Trigger data of both runs', group, keys: '0', run: () => void go(0) },
      { id: 'compare.deciding', title: 'Deciding step', group, keys: 'e', run: () => void go(firstLine(lines)) },
      {
        id: 'compare.raw',
        title: 'Raw diff, or words',
        group,
        keys: 'd',
        run: () => latest.current.setRaw((was) => !was)
      },
      {
        id: 'compare.short',
        title: 'Hide what is the same, or show it',
        group,
        keys: 'h',
        run: () => latest.current.setShort((was) => !was)
      },
      { id: 'compare.swap', title: 'Swap A and B', group, keys: 's', run: () => latest.current.swap() },
      {
        id: 'compare.other',
        title: 'Compare A with another run…',
        group,
        keys: 'c',
        run: () => latest.current.choose()
      },
      { id: 'compare.list', title: 'Back to the list of runs', group, keys: 'escape', run: () => navigate(['runs']) }
    ])
  }, [lines, current])
}
