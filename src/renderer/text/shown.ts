import { visible } from '../../contract/visible.ts'

const texts = ['title', 'aria-label', 'alt', 'placeholder'] as const

type Props = Readonly<Record<string, unknown>>

/** Texts in it, also in lists, as a person may see them; the same object where nothing had to change. */
function shownChild(child: unknown): unknown {
  if (typeof child === 'string') return visible(child)
  if (!Array.isArray(child)) return child
  let changed: unknown[] | null = null
  for (let i = 0; i < child.length; i++) {
    const shown = shownChild(child[i])
    if (shown !== child[i]) (changed ??= [...(child as unknown[])])[i] = shown
  }
  return changed ?? child
}

/** Properties of an element of the page. What is typed into fields (`value`) stays as it is: it is data. */
export function shownProps(props: Props): Props {
  let changed: Record<string, unknown> | null = null
  const children = shownChild(props['children'])
  if (children !== props['children']) changed = { ...props, children }
  for (const name of texts) {
    const text = props[name]
    if (typeof text !== 'string') continue
    const shown = visible(text)
    if (shown !== text) (changed ??= { ...props })[name] = shown
  }
  return changed ?? props
}
