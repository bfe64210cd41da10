import { useStore } from 'zustand'
import { router } from '../stores/router.ts'
import { BlueprintsView } from '../views/blueprints/blueprints-view.tsx'
import { EditorView } from '../views/editor/editor-view.tsx'
import { CoverageView } from '../views/tried/coverage-view.tsx'
import { ImpactView } from '../views/tried/impact-view.tsx'
import { UpgradeView } from '../views/tried/upgrade-view.tsx'
import { RunSetup } from '../views/workflows/run-setup.tsx'
import { WorkflowsList } from '../views/workflows/workflows-list.tsx'

/** `#/workflows`, `#/workflows/run?again=RUN`, `#/workflows/run?workflow=ID&data=ID`, `#/workflows/blueprints`, `#/workflows/upgrade?from=P&to=P&workflow=ID`, `#/workflows/coverage?workflow=ID`, `#/workflows/impact?workflow=ID`, `#/workflows/ID`. */
export default function WorkflowsView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <WorkflowsList />
  const key = [...query.values()].join('/')
  if (id === 'run') return <RunSetup key={key} query={query} />
  if (id === 'upgrade') return <UpgradeView key={key} query={query} />
  if (id === 'coverage') return <CoverageView key={key} query={query} />
  if (id === 'impact') return <ImpactView key={key} query={query} />
  if (id === 'blueprints') return <BlueprintsView />
  return <EditorView key={id} workflowId={id} />
}
