// Under which MISP, and with which of its database, a workflow is tried.
import type { RunOptionsInput } from '../../../contract/operations.ts'
import { AreaRow, CheckRow } from '../../components/form-row.tsx'
import { worldFiles } from '../../stores/tried-files.ts'
import { PickedField } from './picked-field.tsx'
import { emptyOptions, parseOptions, ProfileRow } from '../../components/run-with/run-options.tsx'

export interface Setup {
  readonly profile: string
  readonly mispDefaults: boolean
  /** JSON. */
  readonly settings: string
  /** Files of a folder; none: the world of the workspace. */
  readonly world: readonly File[]
}

export const usualSetup: Setup = { profile: '', mispDefaults: false, settings: '', world: [] }

/** But for the world, which is the same for what was and what would be. */
export const isUsual = ({ profile, mispDefaults, settings }: Setup): boolean =>
  profile === '' && !mispDefaults && settings.trim() === ''

/** A text says what is wrong. */
export const setupOptions = ({ profile, mispDefaults, settings }: Setup): RunOptionsInput | string =>
  parseOptions({ ...emptyOptions, profile, mispDefaults, settings })

interface SetupFieldsProps {
  readonly id: string
  readonly setup: Setup
  readonly onChange: (setup: Setup) => void
  readonly title: string
  /** What the choices come to. */
  readonly hint: string
  readonly worldLabel: string
}

export function SetupFields({ id, setup, onChange, title, hint, worldLabel }: SetupFieldsProps) {
  return (
    <details className="tried-setup">
      <summary>{title}</summary>
      <p className="muted">{hint}</p>
      <ProfileRow value={setup.profile} usual="Its own" onChange={(profile) => onChange({ ...setup, profile })} />
      <CheckRow
        label="MISP’s defaults: only the nine modules enabled by default"
        checked={setup.mispDefaults}
        onChange={(mispDefaults) => onChange({ ...setup, mispDefaults })}
      />
      <AreaRow
        mono
        id={`${id}-settings`}
        label="Settings (JSON: MISP settings by name, enabled_modules, enabled_triggers, enabled_adhoc)"
        rows={3}
        spellCheck={false}
        placeholder='{"enabled_modules": ["tag-if", "webhook"]}'
        value={setup.settings}
        onChange={(settings) => onChange({ ...setup, settings })}
      />
      <PickedField
        {...{
          id: `${id}-world`,
          label: worldLabel,
          none: 'the world of the workspace',
          single: false,
          take: worldFiles
        }}
        missing="There is no file of MISP’s database in it: events/*.json, users.json, warninglists.json and the like."
        files={setup.world}
        onChange={(world) => onChange({ ...setup, world })}
      />
    </details>
  )
}
