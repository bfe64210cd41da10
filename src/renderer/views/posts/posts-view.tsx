import { EmptyState } from '../../components/empty-state.tsx'

export default function PostsView() {
  return <EmptyState title="Posts">This view is on its way.</EmptyState>
}
