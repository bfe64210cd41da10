import type { ComponentProps } from 'react'
import { Icon } from './icons.tsx'

/** The look of every box that searches. Boxes of dialogs are of type `text`: in one of type `search` the browser takes Escape, which closes them. */
export function SearchInput({ className = '', ...input }: ComponentProps<'input'>) {
  return (
    <span className={`search-box ${className}`}>
      <Icon name="search" size={11} />
      <input className="field" type="search" {...input} />
    </span>
  )
}
