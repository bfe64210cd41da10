import { EmptyState } from '../../components/empty-state.tsx'

export default function TriggersView() {
  return <EmptyState title="Triggers">This view is on its way.</EmptyState>
}
