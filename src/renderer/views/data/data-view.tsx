import { EmptyState } from '../../components/empty-state.tsx'

export default function DataView() {
  return <EmptyState title="Data">This view is on its way.</EmptyState>
}
