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

const aroundPanes = 190

/** Percent of the window's height for a list below something else: half of it at most, and no more than its rows fill, so that the other has the room. */
export const shareOfRows = (rows: number, rowHeight: number): number =>
  Math.round(Math.min(48, Math.max(22, (100 * (70 + rows * rowHeight)) / Math.max(200, innerHeight - aroundPanes))))

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
      // Only what somebody moved: any other layout is made anew for what is shown.
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (isUserInteraction) rememberPanes(name, layout)
      }}
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
