import { Fragment, jsxDEV as reactJsx } from 'react/jsx-dev-runtime'
import { shownProps } from './shown.ts'

export const jsxDEV: typeof reactJsx = (type, props, ...rest) =>
  reactJsx(
    type,
    typeof type === 'string' || type === Fragment ? shownProps(props as Record<string, unknown>) : props,
    ...rest
  )
export { Fragment }
