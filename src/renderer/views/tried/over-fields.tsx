import { formatCount, plural } from '../../../contract/words.ts'
import { pickFiles } from '../../client/pick-files.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { toast } from '../../stores/app.ts'
import { eventFiles } from '../../stores/tried-files.ts'

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
      <FilesField id={id} files={over.files} onChange={(files) => onChange({ ...over, files })} />
    </>
  )
}

interface FilesFieldProps {
  readonly id: string
  readonly files: readonly File[]
  readonly onChange: (files: readonly File[]) => void
}

/** What one question may be asked about. */
const mostFiles = 10_000

function FilesField({ id, files, onChange }: FilesFieldProps) {
  const choose = async (what: string): Promise<void> => {
    if (what === 'none') return onChange([])
    if (what !== 'folder' && what !== 'files') return
    const picked = await pickFiles(what)
    if (picked.length === 0) return
    const found = eventFiles(picked)
    if (found.length === 0) toast('There is no JSON file among them.')
    if (found.length > mostFiles)
      toast(`Of ${formatCount(found.length)} files the first ${formatCount(mostFiles)} are taken.`)
    onChange(found.slice(0, mostFiles))
  }
  const folder = files[0]?.webkitRelativePath.split('/')[0] ?? ''
  return (
    <SelectRow
      id={`${id}-files`}
      label="Event files"
      value={files.length > 0 ? 'picked' : 'none'}
      onChange={(what) => void choose(what)}
    >
      <option value="none">none</option>
      {files.length > 0 && (
        <option value="picked">
          {plural(files.length, 'file')}
          {folder === '' ? '' : ` of ${folder}`}
        </option>
      )}
      <option value="folder">A folder…</option>
      <option value="files">Files…</option>
    </SelectRow>
  )
}
