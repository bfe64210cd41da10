import { useStore } from 'zustand'
import { router } from '../../stores/router.ts'
import { ExecuteView } from './execute-view.tsx'
import { ModulePage } from './module-page.tsx'
import { ModulesList } from './modules-list.tsx'
import '../../step/step.css'
import './modules.css'

/** `#/modules`, `#/modules/ID`, `#/modules/ID/execute?run=RUN&step=N` or `?data=ID`. */
export default function ModulesView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <ModulesList />
  if (parts[2] === 'execute') return <ExecuteView key={[id, ...query.values()].join('/')} moduleId={id} query={query} />
  return <ModulePage key={id} moduleId={id} />
}
