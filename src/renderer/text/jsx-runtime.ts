// What JSX is compiled to. Every text that the window draws goes through here, so that no view can forget that data may hold characters
// which turn the reading of the rest around.
import { Fragment, jsx as reactJsx, jsxs as reactJsxs } from 'react/jsx-runtime'
import { shownProps } from './shown.ts'

type Make = typeof reactJsx

const showing =
  (make: Make): Make =>
  (type, props, key) =>
    make(
      type,
      typeof type === 'string' || type === Fragment ? shownProps(props as Record<string, unknown>) : props,
      key
    )

export const jsx = showing(reactJsx)
export const jsxs = showing(reactJsxs)
export { Fragment }
