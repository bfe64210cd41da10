import { useReactFlow } from 'reactflow'
import { Icon } from '../icons.tsx'

/** All of it, when somebody asks for that, with what hangs out of nodes. */
const fitting = { padding: { x: '20px', y: '24px' }, maxZoom: 1 } as const

/** Beside the graph and not over it: what they covered could be the node that is looked for. */
export function ZoomButtons() {
  const flow = useReactFlow()
  const zooms = [
    { name: 'Zoom in', icon: 'plus', run: () => void flow.zoomIn() },
    { name: 'Zoom out', icon: 'minus', run: () => void flow.zoomOut() },
    { name: 'Show the whole graph', icon: 'expand', run: () => void flow.fitView(fitting) }
  ] as const
  return zooms.map(({ name, icon, run }) => (
    <button key={name} className="btn quiet icon" aria-label={name} title={name} onClick={run}>
      <Icon name={icon} size={11} />
    </button>
  ))
}
