import { Suspense } from 'react'
import { useStore } from 'zustand'
import { lazyView } from '../components/lazy-view.ts'
import { Loading } from '../components/empty-state.tsx'
import { router } from '../stores/router.ts'
import { WorkflowsList } from '../views/workflows/workflows-list.tsx'

const RunSetup = lazyView(() => import('../views/workflows/run-setup.tsx'))
const BlueprintsView = lazyView(() => import('../views/blueprints/blueprints-view.tsx'))
const UpgradeView = lazyView(() => import('../views/tried/upgrade-view.tsx'))
const CoverageView = lazyView(() => import('../views/tried/coverage-view.tsx'))
const ImpactView = lazyView(() => import('../views/tried/impact-view.tsx'))
const EditorView = lazyView(() => import('../views/editor/editor-view.tsx'))

/** `#/workflows`, `#/workflows/run?again=RUN`, `#/workflows/run?workflow=ID&data=ID`, `#/workflows/blueprints`, `#/workflows/upgrade?from=P&to=P&workflow=ID`, `#/workflows/coverage?workflow=ID`, `#/workflows/impact?workflow=ID`, `#/workflows/ID`. */
export default function WorkflowsView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <WorkflowsList />
  return (
    <Suspense fallback={<Loading />}>
      {id === 'run' ? (
        <RunSetup key={[...query.values()].join('/')} query={query} />
      ) : id === 'upgrade' ? (
        <UpgradeView key={[...query.values()].join('/')} query={query} />
      ) : id === 'coverage' ? (
        <CoverageView key={[...query.values()].join('/')} query={query} />
      ) : id === 'impact' ? (
        <ImpactView key={[...query.values()].join('/')} query={query} />
      ) : id === 'blueprints' ? (
        <BlueprintsView />
      ) : (
        <EditorView key={id} workflowId={id} />
      )}
    </Suspense>
  )
}
