// The MISP that the workflow is for.
import type { ProfileUse } from '../../../contract/profiles.ts'
import { profileIds } from '../../../engine/profiles/profiles.ts'
import { SelectRow } from '../../components/form-row.tsx'
import { profileLabel } from '../../components/profile-label.ts'
import { useEditor, useEditorState } from './editor-context.ts'

const mostShown = 4

function usualOf({ profile, how }: ProfileUse): string {
  if (how === 'chosen') return 'As its nodes and the workspace say'
  return how === 'recognised' ? `${profile} (recognised by its nodes)` : `${profile} (workspace)`
}

/** What it was recognised by, or what speaks against it. */
function Evidence({ use: { how, profile, evidence } }: { use: ProfileUse }) {
  if (evidence.length === 0) return null
  return (
    <div className="muted hint" aria-label="What says so">
      {how === 'recognised' ? `MISP ${profile} was recognised:` : `Points to another version than MISP ${profile}:`}
      <ul className="plain">
        {evidence.slice(0, mostShown).map((text) => (
          <li key={text}>{text}</li>
        ))}
        {evidence.length > mostShown && <li>and {evidence.length - mostShown} more</li>}
      </ul>
    </div>
  )
}

export function VersionRow() {
  const editor = useEditor()
  const use = useEditorState((state) => state.profile)
  if (use === null) return null
  return (
    <SelectRow
      id="workflow-profile"
      label="MISP version"
      value={use.how === 'chosen' ? use.profile : ''}
      onChange={(profile) => void editor.setProfile(profile || null)}
      below={<Evidence use={use} />}
    >
      <option value="">{usualOf(use)}</option>
      {profileIds.map((id) => (
        <option key={id} value={id}>
          {profileLabel(id)}
        </option>
      ))}
    </SelectRow>
  )
}
