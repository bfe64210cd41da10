import { EmptyState } from '../../components/empty-state.tsx'

export default function WorkflowsView() {
  return <EmptyState title="Workflows">This view is on its way.</EmptyState>
}
