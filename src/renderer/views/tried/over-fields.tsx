import { formatCount } from '../../../contract/words.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { eventFiles } from '../../stores/tried-files.ts'
import { PickedField } from './picked-field.tsx'

/** Over what a workflow is tried. */
export interface Over {
  /** How many of the newest, as a text. */
  readonly runs: string
  readonly data: boolean
  /** Events that a person picked. */
  readonly files: readonly File[]
}

export const overParams = ({ runs, data }: Over) => ({ runs: Number(runs), data })

interface OverFieldsProps {
  readonly id: string
  readonly over: Over
  readonly onChange: (over: Over) => void
  readonly runs: string
}

export function OverFields({ id, over, onChange, runs }: OverFieldsProps) {
  return (
    <>
      <SelectRow
        id={`${id}-runs`}
        label={runs}
        value={over.runs}
        onChange={(text) => onChange({ ...over, runs: text })}
      >
        <option value="0">none</option>
        {['10', '100', '1000', '5000'].map((count) => (
          <option key={count} value={count}>
            the last {formatCount(Number(count))}
          </option>
        ))}
      </SelectRow>
      <SelectRow
        id={`${id}-data`}
        label="Data sets"
        value={over.data ? 'all' : 'none'}
        onChange={(text) => onChange({ ...over, data: text === 'all' })}
      >
        <option value="none">none</option>
        <option value="all">all of the workspace</option>
      </SelectRow>
      <PickedField
        {...{ id: `${id}-files`, label: 'Event files', none: 'none', single: true, take: eventFiles }}
        missing="There is no JSON file among them."
        files={over.files}
        onChange={(files) => onChange({ ...over, files })}
      />
    </>
  )
}
