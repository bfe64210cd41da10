import { lazyView } from '../lazy-view.ts'

/** The graph, loaded when the first one is drawn. */
export const WorkflowGraph = lazyView(() =>
  import('./workflow-graph.tsx').then((module) => ({ default: module.WorkflowGraph }))
)
