import { profileIds } from '../../../engine/profiles/profiles.ts'
import { AreaRow, CheckRow, SelectRow, TextRow } from '../form-row.tsx'
import { profileLabel } from '../profile-label.ts'
import { mapOrNull, type Json, type JsonMap } from '../../../contract/json.ts'
import type { RunOptionsInput } from '../../../contract/operations.ts'

export interface OptionTexts {
  readonly mispDefaults: boolean
  readonly crash: boolean
  readonly cascade: number
  readonly now: string
  readonly settings: string
  /** A trigger's id; empty: the workflow's own. */
  readonly as: string
  /** The data is used as it is. */
  readonly raw: boolean
  /** The id of the user who starts it; empty: nobody. */
  readonly user: string
  /** A profile; empty: that of the run, the workflow or the workspace. */
  readonly profile: string
}

export const emptyOptions: OptionTexts = {
  mispDefaults: false,
  crash: false,
  cascade: 0,
  now: '',
  settings: '',
  as: '',
  raw: false,
  profile: '',
  user: ''
}

function parseMap(text: string, name: string): JsonMap | undefined | string {
  if (text.trim() === '') return undefined
  try {
    return mapOrNull(JSON.parse(text) as Json) ?? `${name} must be a JSON object.`
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : 'invalid JSON'}`
  }
}

/** What the fields say as options of a run; a text says what is wrong. */
export function parseOptions(texts: OptionTexts): RunOptionsInput | string {
  const settings = parseMap(texts.settings, 'Settings')
  if (typeof settings === 'string') return settings
  return {
    ...(settings ? { settings } : {}),
    ...(texts.mispDefaults ? { mispDefaults: true } : {}),
    ...(texts.crash ? { crash: true } : {}),
    ...(texts.cascade > 0 ? { cascade: texts.cascade } : {}),
    ...(texts.now ? { now: texts.now } : {}),
    ...(texts.as ? { as: texts.as } : {}),
    ...(texts.raw ? { raw: true } : {}),
    ...(texts.user ? { user: texts.user } : {}),
    ...(texts.profile ? { profile: texts.profile } : {})
  }
}

/** The fields that say what an earlier run was run with. */
export const textsOf = (options: JsonMap): OptionTexts => ({
  mispDefaults: options['mispDefaults'] === true,
  crash: options['crash'] === true,
  cascade: typeof options['cascade'] === 'number' ? options['cascade'] : 0,
  now: typeof options['now'] === 'string' ? options['now'] : '',
  settings: options['settings'] ? JSON.stringify(options['settings'], null, 2) : '',
  as: typeof options['as'] === 'string' ? options['as'] : '',
  raw: options['raw'] === true,
  user: typeof options['user'] === 'string' ? options['user'] : '',
  profile: typeof options['profile'] === 'string' ? options['profile'] : ''
})

/** Otherwise it is brought to the state in which MISP would hand it over. */
export const RawRow = ({ checked, onChange }: { checked: boolean; onChange: (on: boolean) => void }) => (
  <CheckRow
    label="Use the data as it is: make up no ids, references or defaults"
    checked={checked}
    onChange={onChange}
  />
)

/** As which MISP it runs. */
export const ProfileRow = ({
  value,
  usual,
  onChange
}: {
  value: string
  /** What holds without a choice. */
  usual: string
  onChange: (profile: string) => void
}) => (
  <SelectRow id="option-profile" label="MISP version" value={value} onChange={onChange}>
    <option value="">{usual}</option>
    {profileIds.map((id) => (
      <option key={id} value={id}>
        {profileLabel(id)}
      </option>
    ))}
  </SelectRow>
)

/** MISP setup for this run. */
export function OptionFields({ value, onChange }: { value: OptionTexts; onChange: (next: OptionTexts) => void }) {
  const set = <K extends keyof OptionTexts>(key: K, next: OptionTexts[K]) => onChange({ ...value, [key]: next })
  return (
    <details className="section fold-section">
      <summary>MISP setup</summary>
      <CheckRow
        label="MISP’s defaults: only the nine modules enabled by default"
        checked={value.mispDefaults}
        onChange={(on) => set('mispDefaults', on)}
      />
      <CheckRow
        label="Concurrent branches crash at their first node, as in MISP with debug mode on"
        checked={value.crash}
        onChange={(on) => set('crash', on)}
      />
      <TextRow
        id="option-cascade"
        label="Also run workflows fired by actions, up to this depth"
        type="number"
        min={0}
        max={100}
        value={value.cascade}
        onChange={(text) => set('cascade', Number(text))}
      />
      <TextRow
        id="option-now"
        label="Clock (ISO 8601; empty: now)"
        placeholder="2024-10-21T12:00:00+00:00"
        value={value.now}
        onChange={(text) => set('now', text)}
      />
      <TextRow
        id="option-user"
        label="User who starts it (MISP’s number; empty: nobody, as in a job)"
        inputMode="numeric"
        value={value.user}
        onChange={(text) => set('user', text.replace(/\D/g, ''))}
      />
      <AreaRow
        mono
        id="option-settings"
        label="Settings (JSON: MISP settings by name, enabled_modules, enabled_triggers, enabled_adhoc)"
        rows={4}
        spellCheck={false}
        placeholder='{"enabled_modules": ["tag-if", "webhook"]}'
        value={value.settings}
        onChange={(text) => set('settings', text)}
      />
    </details>
  )
}
