import { useStore } from 'zustand'
import { router } from '../../stores/router.ts'
import { TriggersList } from './triggers-list.tsx'
import { WhyNot } from './why-not.tsx'
import './triggers.css'

/** `#/triggers`, and `#/triggers/ID?data=ID`: why it did not run. */
export default function TriggersView() {
  const { parts, query } = useStore(router)
  const id = parts[1]
  if (!id) return <TriggersList />
  return <WhyNot key={id} trigger={id} dataId={query.get('data') ?? null} />
}
