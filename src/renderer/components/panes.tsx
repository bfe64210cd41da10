import { Group, Panel, Separator } from 'react-resizable-panels'
import type { ReactNode } from 'react'
import { preferences, rememberPanes } from '../stores/preferences.ts'

interface Pane {
  readonly id: string
  readonly content: ReactNode
  /** Percent of the group. */
  readonly size: number
  readonly min?: number
}

/** Panes with separators that can be dragged and moved by arrow keys; sizes are remembered per name. */
export function Panes({
  name,
  direction,
  panes
}: {
  name: string
  direction: 'row' | 'column'
  panes: readonly Pane[]
}) {
  const stored = preferences.getState().panes[name]
  const known = stored && panes.every((pane) => pane.id in stored) ? stored : undefined
  return (
    <Group
      id={name}
      orientation={direction === 'row' ? 'horizontal' : 'vertical'}
      {...(known ? { defaultLayout: { ...known } } : {})}
      onLayoutChanged={(layout) => rememberPanes(name, layout)}
    >
      {panes.flatMap((pane, i) => [
        ...(i === 0
          ? []
          : [
              <Separator
                key={`${pane.id}-separator`}
                className={direction === 'row' ? 'handle-v' : 'handle-h'}
                aria-label={`Resize ${pane.id}`}
              />
            ]),
        <Panel key={pane.id} id={pane.id} defaultSize={`${pane.size}%`} minSize={`${pane.min ?? 12}%`}>
          <div className="pane">{pane.content}</div>
        </Panel>
      ])}
    </Group>
  )
}
