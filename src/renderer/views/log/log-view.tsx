import { EmptyState } from '../../components/empty-state.tsx'

export default function LogView() {
  return <EmptyState title="Log">This view is on its way.</EmptyState>
}
