import { EmptyState } from '../../components/empty-state.tsx'

export default function SettingsView() {
  return <EmptyState title="Settings">This view is on its way.</EmptyState>
}
