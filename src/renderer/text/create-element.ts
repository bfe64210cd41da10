// What JSX is compiled to where a key stands behind a spread.
import { createElement as reactCreate, Fragment } from 'react'
import type { ElementType, ReactElement, ReactNode } from 'react'
import { shownProps } from './shown.ts'

type Props = Readonly<Record<string, unknown>>

export function createElement(type: ElementType, props: Props | null, ...children: ReactNode[]): ReactElement {
  if (typeof type !== 'string' && (type as unknown) !== Fragment) return reactCreate(type, props, ...children)
  const shown = shownProps(children.length === 0 ? (props ?? {}) : { ...props, children })
  const { children: inner, ...rest } = shown as { readonly children?: ReactNode } & Props
  return Array.isArray(inner) && children.length > 0
    ? reactCreate(type, rest, ...(inner as ReactNode[]))
    : reactCreate(type, shown)
}
