import { Suspense } from 'react'
import { useStore } from 'zustand'
import { lazyView } from '../../components/lazy-view.ts'
import { Loading } from '../../components/empty-state.tsx'
import { router } from '../../stores/router.ts'
import { ModulesList } from './modules-list.tsx'
import '../../step/step.css'
import './modules.css'

const ModulePage = lazyView(() => import('./module-page.tsx'))
const ExecuteView = lazyView(() => import('./execute-view.tsx'))

/** `#/modules`, `#/modules/ID`, `#/modules/ID/execute?run=RUN&step=N` or `?data=ID`. */
export default function ModulesView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <ModulesList />
  return (
    <Suspense fallback={<Loading />}>
      {parts[2] === 'execute' ? (
        <ExecuteView key={[id, ...query.values()].join('/')} moduleId={id} query={query} />
      ) : (
        <ModulePage key={id} moduleId={id} />
      )}
    </Suspense>
  )
}
