import { useLayoutEffect } from 'react'
import type { RefObject } from 'react'
import { useStore as useFlowStore } from 'reactflow'

/** Tells the style sheet the zoom, in steps: from far away names keep a size that can be read. */
export function ZoomStyle({ box }: { box: RefObject<HTMLElement | null> }) {
  const zoom = useFlowStore(({ transform }) => Math.max(0.2, Math.round(transform[2] * 20) / 20))
  useLayoutEffect(() => box.current?.style.setProperty('--zoom', String(zoom)), [box, zoom])
  return null
}
