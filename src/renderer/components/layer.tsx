import { createPortal } from 'react-dom'
import type { ReactNode } from 'react'

/** Over everything that is shown: a pane that lays out by itself would keep what is fixed within its own bounds. Inside of the content, so that it stands in a landmark. */
export const Layer = ({ children }: { children: ReactNode }) =>
  createPortal(children, document.querySelector('main') ?? document.body)
