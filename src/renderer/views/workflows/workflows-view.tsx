import { lazy, Suspense } from 'react'
import { useStore } from 'zustand'
import { Loading } from '../../components/empty-state.tsx'
import { router } from '../../stores/router.ts'
import { WorkflowsList } from './workflows-list.tsx'

const RunSetup = lazy(() => import('./run-setup.tsx'))
const BlueprintsView = lazy(() => import('../blueprints/blueprints-view.tsx'))
const EditorView = lazy(() => import('../editor/editor-view.tsx'))

/** `#/workflows`, `#/workflows/run?again=RUN`, `#/workflows/run?workflow=ID&data=ID`, `#/workflows/blueprints`, `#/workflows/ID`. */
export default function WorkflowsView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <WorkflowsList />
  return (
    <Suspense fallback={<Loading />}>
      {id === 'run' ? (
        <RunSetup key={[...query.values()].join('/')} query={query} />
      ) : id === 'blueprints' ? (
        <BlueprintsView />
      ) : (
        <EditorView key={id} workflowId={id} />
      )}
    </Suspense>
  )
}
