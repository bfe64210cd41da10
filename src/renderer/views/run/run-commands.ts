// What can be done with a run by keys and the command palette.
import { useEffect } from 'react'
import type { RunDetail, RunStep, RunSummary } from '../../../contract/run-views.ts'
import { tellingStep } from '../../../engine/replay/telling-step.ts'
import { skippedOf } from '../../components/workflow-graph/graph-marks.ts'
import { addCommands } from '../../stores/commands.ts'
import { againAsItWas, againToday } from '../../stores/run-again.ts'
import { showAccepted, verifyRun } from '../../stores/verify.ts'
import { searchRuns } from '../../stores/run-search.ts'
import { chooseOther } from '../../stores/other-run.ts'
import { navigate } from '../../stores/router.ts'
import { goToNode } from './jump.ts'
import { goToStep } from './selection.ts'

/** One of Retrace's own that can be run again. */
const isOver = ({ origin, state }: RunSummary): boolean =>
  origin === 'local' && state !== 'running' && state !== 'paused'

export function useRunCommands(runId: string, detail: RunDetail, current: { readonly current: number }): void {
  useEffect(() => {
    const go = (to: number) => goToStep(runId, Math.max(0, Math.min(detail.steps.length, to)))
    const failed = () =>
      detail.steps.find((one) => one.step > current.current && one.moduleType !== 'logic' && !one.success)
    return addCommands([
      { id: 'run.next', title: 'Next step', group: 'Run', keys: 'j', run: () => go(current.current + 1) },
      { id: 'run.previous', title: 'Previous step', group: 'Run', keys: 'k', run: () => go(current.current - 1) },
      { id: 'run.first', title: 'Trigger (start of the run)', group: 'Run', keys: '0', run: () => go(0) },
      {
        id: 'run.telling',
        title: 'Deciding step',
        group: 'Run',
        keys: 'e',
        run: () => go(failed()?.step ?? tellingStep(detail))
      },
      {
        id: 'run.again',
        title: 'Run again…',
        group: 'Run',
        keys: 'r',
        run: () => navigate(['workflows', 'run'], { again: runId })
      },
      {
        id: 'run.asItWas',
        title: 'Run again as it was',
        group: 'Run',
        keys: 'a',
        when: () => isOver(detail.summary),
        run: () => void againAsItWas(runId)
      },
      {
        id: 'run.verify',
        title: 'Verify: does an offline run do what MISP did?',
        group: 'Run',
        keys: 'v',
        when: () => detail.summary.origin === 'captured',
        run: () => void verifyRun(runId)
      },
      { id: 'run.accepted', title: 'Accepted differences…', group: 'Run', run: showAccepted },
      {
        id: 'run.today',
        title: 'Run again with today’s world',
        group: 'Run',
        keys: 't',
        when: () => isOver(detail.summary),
        run: () => void againToday(runId)
      },
      {
        id: 'run.effects',
        title: 'Effects of the run',
        group: 'Run',
        keys: 'f',
        run: () => navigate(['runs', runId, 'effects'])
      },
      {
        id: 'run.alone',
        title: 'Run this module…',
        group: 'Run',
        keys: 'x',
        run: () =>
          navigate(['modules', detail.steps[current.current - 1]?.moduleId ?? '', 'execute'], {
            run: runId,
            step: String(current.current)
          }),
        when: () => current.current > 0
      },
      {
        id: 'run.original',
        title: 'Compare with the original run',
        group: 'Run',
        keys: 'c',
        when: () => detail.summary.parent !== null,
        run: () => navigate(['runs', detail.summary.parent?.runId ?? ''], { with: runId })
      },
      {
        id: 'run.search',
        title: 'Search in this run…',
        group: 'Run',
        keys: 's',
        run: () => searchRuns({ run: runId })
      },
      {
        id: 'run.other',
        title: 'Compare with another run…',
        group: 'Run',
        keys: detail.summary.parent === null ? 'c' : 'm',
        run: () => chooseOther(detail.summary)
      },
      { id: 'run.list', title: 'Back to the list of runs', group: 'Run', keys: 'escape', run: () => navigate(['runs']) }
    ])
  }, [runId, detail, current])
}

/** Every node of the run can be found by name in the command palette. */
export function useNodeCommands(runId: string, detail: RunDetail): void {
  useEffect(() => {
    const seen = new Map<number | null, RunStep>()
    for (const step of detail.steps) if (!seen.has(step.nodeId) && seen.size < 600) seen.set(step.nodeId, step)
    return addCommands(
      [...seen.values()]
        .map((step) => ({
          id: `run.node.${step.nodeId}`,
          title: `Go to node ${step.nodeId}: ${step.name || step.moduleId}`,
          group: 'Nodes',
          words: step.moduleId,
          run: () => goToStep(runId, step.step)
        }))
        .concat(
          skippedOf(detail.unreached)
            .slice(0, 100)
            .map(({ nodeId, name, moduleId }) => ({
              id: `run.node.${nodeId}`,
              title: `Go to node ${nodeId}, which was skipped: ${name}`,
              group: 'Nodes',
              words: moduleId,
              run: () => goToNode(runId, nodeId)
            }))
        )
    )
  }, [runId, detail])
}
