import { useId, useMemo, useState } from 'react'
import type { KeyboardEvent } from 'react'
import type { GraphDrawing, GraphNode } from './graph-model.ts'
import { plural } from '../../../contract/words.ts'
import { SearchInput } from '../search-input.tsx'

const most = 12

/** Nodes whose name, module or number has every word. */
function findNodes(nodes: readonly GraphNode[], text: string): readonly GraphNode[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  return nodes.filter((node) => {
    const all = `${node.name}\n${node.moduleId}\n${node.nodeId}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
}

/** Finds a node of the graph: Enter goes to it, and to the next one that matches when pressed again. */
export function NodeSearch({ drawing, onFind }: { drawing: GraphDrawing; onFind: (node: GraphNode) => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const [open, setOpen] = useState(false)
  const list = useId()
  const found = useMemo(() => findNodes(drawing.nodes, text), [drawing, text])
  const start = Math.max(0, Math.min(at - most + 3, found.length - most))
  const go = (index: number) => {
    const node = found[index]
    if (!node) return
    setAt(index)
    onFind(node)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && text !== '') setText('')
    else if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
    else if (event.key === 'Enter') go(at)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      className="node-search"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <SearchInput
        role="combobox"
        aria-label="Find a node"
        aria-expanded={open && found.length > 0}
        aria-controls={list}
        {...(open && found[at] ? { 'aria-activedescendant': `${list}${found[at].id}` } : {})}
        placeholder="Find a node"
        value={text}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
          setOpen(true)
        }}
        onKeyDown={onKeyDown}
      />
      {open && text !== '' && (
        <ul id={list} role="listbox" aria-label="Nodes">
          {found.length === 0 && (
            <li role="option" aria-selected={false} className="muted">
              No node matches
            </li>
          )}
          {found.slice(start, start + most).map((node, i) => (
            <li
              key={node.id}
              id={`${list}${node.id}`}
              role="option"
              aria-selected={start + i === at}
              onMouseDown={(event) => {
                event.preventDefault()
                go(start + i)
                setOpen(false)
              }}
            >
              {node.name} <span className="muted mono">{node.moduleId}</span>
              <span className="muted num">{node.nodeId}</span>
            </li>
          ))}
          {found.length > most && (
            <li role="option" aria-selected={false} className="muted">
              {plural(found.length, 'matching node')}
            </li>
          )}
        </ul>
      )}
    </div>
  )
}
