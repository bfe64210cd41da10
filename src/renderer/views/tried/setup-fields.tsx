// Under which MISP a workflow is tried.
import type { RunOptionsInput } from '../../../contract/operations.ts'
import { AreaRow, CheckRow } from '../../components/form-row.tsx'
import { emptyOptions, parseOptions, ProfileRow } from '../../components/run-with/run-options.tsx'

export interface Setup {
  readonly profile: string
  readonly mispDefaults: boolean
  /** JSON. */
  readonly settings: string
}

export const usualSetup: Setup = { profile: '', mispDefaults: false, settings: '' }

export const isUsual = ({ profile, mispDefaults, settings }: Setup): boolean =>
  profile === '' && !mispDefaults && settings.trim() === ''

/** A text says what is wrong. */
export const setupOptions = (setup: Setup): RunOptionsInput | string => parseOptions({ ...emptyOptions, ...setup })

interface SetupFieldsProps {
  readonly id: string
  readonly setup: Setup
  readonly onChange: (setup: Setup) => void
  readonly title: string
  /** What the choices come to. */
  readonly hint: string
}

export function SetupFields({ id, setup, onChange, title, hint }: SetupFieldsProps) {
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
    </details>
  )
}
