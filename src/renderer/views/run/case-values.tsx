import { useMemo, useState } from 'react'
import type { RunDetail } from '../../../contract/run-views.ts'
import type { ValuePath } from '../../../contract/values.ts'
import { hashPath } from '../../components/json-tree/tree-model.ts'
import { JsonTree } from '../../components/json-tree/json-tree.tsx'
import { valueSource } from '../../components/value-source.ts'

export const pathsIn = (text: string): readonly string[] => text.split('\n').flatMap((line) => line.trim() || [])

interface ChooseValuesProps {
  readonly detail: RunDetail
  /** A hash path a line. */
  readonly text: string
  readonly onChange: (text: string) => void
}

/** Values at the end of the run are chosen in its data. Not for within a form: the tree has fields of its own. */
export function ChooseValues({ detail, text, onChange }: ChooseValuesProps) {
  const [picking, setPicking] = useState(false)
  const add = (path: string) => onChange([...new Set([...pathsIn(text), path])].join('\n'))
  return (
    <>
      <button type="button" className="btn quiet" aria-expanded={picking} onClick={() => setPicking(!picking)}>
        {picking ? '▾ Data at the end' : '▸ Choose in the data at the end'}
      </button>
      {picking && <EndTree detail={detail} chosen={pathsIn(text)} onAdd={add} />}
    </>
  )
}

interface EndTreeProps {
  readonly detail: RunDetail
  readonly chosen: readonly string[]
  readonly onAdd: (path: string) => void
}

function EndTree({ detail: { summary, steps }, chosen, onAdd }: EndTreeProps) {
  const [at, setAt] = useState<ValuePath | null>(null)
  // As the case reads it: background jobs have data of their own.
  const last = steps.findLast(({ job }) => job === null)?.step ?? 0
  const source = useMemo(
    () => valueSource({ runId: summary.id, step: last, which: last === 0 ? 'normalized' : 'output' }),
    [summary.id, last]
  )
  return (
    <div className="case-data">
      <div className="case-tree">
        <JsonTree source={source} label="Data at the end" onPick={setAt} />
      </div>
      {at !== null && at.length > 0 && <Offers at={at} chosen={chosen} onAdd={onAdd} />}
    </div>
  )
}

/** The value there, and where it stands in lists what stands at its place in each. */
function Offers({ at, chosen, onAdd }: Omit<EndTreeProps, 'detail'> & { readonly at: ValuePath }) {
  const paths = [...new Set([hashPath(at, false), hashPath(at)])].filter((path) => path !== null)
  if (paths.length === 0) return <p className="muted">A hash path cannot express this key.</p>
  return (
    <div className="case-offers" role="group" aria-label="Expect of the chosen value">
      {paths.map((path) => (
        <button key={path} type="button" className="btn" disabled={chosen.includes(path)} onClick={() => onAdd(path)}>
          Expect <code>{path}</code>
        </button>
      ))}
    </div>
  )
}
