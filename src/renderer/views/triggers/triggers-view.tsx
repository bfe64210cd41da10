import { Suspense } from 'react'
import { useStore } from 'zustand'
import { lazyView } from '../../components/lazy-view.ts'
import { Loading } from '../../components/empty-state.tsx'
import { router } from '../../stores/router.ts'
import { TriggersList } from './triggers-list.tsx'
import './triggers.css'

const WhyNot = lazyView(() => import('./why-not.tsx'))

/** `#/triggers`, and `#/triggers/ID?data=ID`: why it did not run. */
export default function TriggersView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <TriggersList />
  return (
    <Suspense fallback={<Loading />}>
      <WhyNot key={id} trigger={id} dataId={query.get('data') ?? null} />
    </Suspense>
  )
}
