import { useRef, useState } from 'react'
import type { DragEvent } from 'react'

/** Rows that can be dragged, and dropped on other rows. `ids`: the selected ones when the dragged row is among them. */
export interface RowDrag<T> {
  readonly label: (count: number) => string
  readonly accepts: (ids: readonly string[], onto: T) => boolean
  readonly drop: (ids: readonly string[], onto: T) => void
  /** Null when it ends. */
  readonly dragging?: (ids: readonly string[] | null) => void
}

/** Dragging of rows: what is dragged, and the row that would take it. */
export function useRowDrag<T>(id: (item: T) => string, selected: ReadonlySet<string>) {
  const [over, setOver] = useState<string | null>(null)
  const dragged = useRef<readonly string[]>([])
  const of = (item: T, drag: RowDrag<T>) => {
    const own = id(item)
    const takes = () => dragged.current.length > 0 && drag.accepts(dragged.current, item)
    return {
      draggable: true,
      'data-over': over === own || undefined,
      onDragStart: (event: DragEvent) => {
        dragged.current = selected.has(own) ? [...selected] : [own]
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', dragged.current.join(' '))
        const image = dragImage(drag.label(dragged.current.length))
        event.dataTransfer.setDragImage(image, -8, 10)
        // Not at once: what is shown meanwhile would end the drag.
        setTimeout(() => {
          image.remove()
          drag.dragging?.(dragged.current)
        })
      },
      onDragOver: (event: DragEvent) => {
        if (!takes()) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'move'
        if (over !== own) setOver(own)
      },
      onDragLeave: () => setOver((was) => (was === own ? null : was)),
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        setOver(null)
        drag.dragging?.(null)
        if (takes()) drag.drop(dragged.current, item)
        dragged.current = []
      },
      onDragEnd: () => {
        setOver(null)
        drag.dragging?.(null)
        dragged.current = []
      }
    }
  }
  return { of }
}

/** What is shown under the pointer; the browser takes a picture of it at once. */
function dragImage(text: string): HTMLElement {
  const image = document.createElement('div')
  image.className = 'drag-image'
  image.textContent = text
  document.body.append(image)
  return image
}
