import { formatCount, plural } from '../../../contract/words.ts'
import { pickFiles } from '../../client/pick-files.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { toast } from '../../stores/app.ts'

interface PickedFieldProps {
  readonly id: string
  readonly label: string
  /** What it is without files. */
  readonly none: string
  /** Whether files can be picked one by one, too. */
  readonly single: boolean
  readonly files: readonly File[]
  readonly onChange: (files: readonly File[]) => void
  /** Those of what was picked that count. */
  readonly take: (picked: readonly File[]) => readonly File[]
  /** Said where none does. */
  readonly missing: string
}

/** What one question may be asked about. */
const mostFiles = 10_000

/** Files of this machine, or all of a folder. */
export function PickedField({ id, label, none, single, files, onChange, take, missing }: PickedFieldProps) {
  const choose = async (what: string): Promise<void> => {
    if (what === 'none') return onChange([])
    if (what !== 'folder' && what !== 'files') return
    const picked = await pickFiles(what)
    if (picked.length === 0) return
    const found = take(picked)
    if (found.length === 0) toast(missing)
    if (found.length > mostFiles)
      toast(`Of ${formatCount(found.length)} files the first ${formatCount(mostFiles)} are taken.`)
    onChange(found.slice(0, mostFiles))
  }
  const folder = files[0]?.webkitRelativePath.split('/')[0] ?? ''
  return (
    <SelectRow
      id={id}
      label={label}
      value={files.length > 0 ? 'picked' : 'none'}
      onChange={(what) => void choose(what)}
    >
      <option value="none">{none}</option>
      {files.length > 0 && (
        <option value="picked">
          {plural(files.length, 'file')}
          {folder === '' ? '' : ` of ${folder}`}
        </option>
      )}
      <option value="folder">A folder…</option>
      {single && <option value="files">Files…</option>}
    </SelectRow>
  )
}
