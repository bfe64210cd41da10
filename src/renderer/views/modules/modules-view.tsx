import { EmptyState } from '../../components/empty-state.tsx'

export default function ModulesView() {
  return <EmptyState title="Modules">This view is on its way.</EmptyState>
}
