import { Suspense } from 'react'
import { useStore } from 'zustand'
import { lazyView } from '../components/lazy-view.ts'
import { Loading } from '../components/empty-state.tsx'
import { router } from '../stores/router.ts'
import { RunsList } from '../views/runs/runs-list.tsx'

const RunView = lazyView(() => import('../views/run/run-view.tsx'))
const EffectsView = lazyView(() => import('../views/run/effects-view.tsx'))
const CompareView = lazyView(() => import('../views/compare/compare-view.tsx'))

/** `#/runs`, `#/runs/ID/step/N`, `#/runs/ID/node/N` (one that was not executed), `#/runs/ID/effects`, and `#/runs/ID/line/N?with=ID2` for two that are compared. */
export default function RunsView() {
  const { parts, query } = useStore(router)
  const runId = parts[1]
  const other = query.get('with')
  if (!runId) return <RunsList />
  return (
    <Suspense fallback={<Loading label="Opening run" />}>
      {other ? (
        <CompareView left={runId} right={other} line={parts[2] === 'line' ? Number(parts[3]) : -1} />
      ) : parts[2] === 'effects' ? (
        <EffectsView key={runId} runId={runId} part={parts[3]} />
      ) : (
        <RunView
          key={runId}
          runId={runId}
          step={parts[2] === 'node' ? -1 : Number(parts[3] ?? -1)}
          nodeId={parts[2] === 'node' ? Number(parts[3]) : null}
        />
      )}
    </Suspense>
  )
}
