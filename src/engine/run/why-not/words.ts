// How the checks of why-not-run are put together.
import type { WhyNotCheck, WhyNotState } from '../../../contract/authoring.ts'
import type { JsonMap } from '../../../contract/json.ts'
import { claiming, say } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { isEmpty } from '../../php/values.ts'
import { modulesOf } from '../../modules/table.ts'
import type { ModuleTable } from '../../modules/table.ts'
import { defaultProfile } from '../../profiles/profiles.ts'
import type { ProfileId } from '../../profiles/profiles.ts'

export const lookUp = (menu: string | null, setting: string | null, command: string | null): WhyNotCheck['lookUp'] => ({
  menu,
  setting,
  command
})

export const check = (
  id: string,
  title: string,
  state: WhyNotState,
  { text, claims }: Sentence,
  assumed: string | null = null,
  where: WhyNotCheck['lookUp'] = lookUp(null, null, null)
): WhyNotCheck => ({ id, title, state, text, claims, assumed, lookUp: where })

export const pluginMenu = 'Administration › Server Settings & Maintenance › Plugin › Workflow'

export interface SettingWords {
  readonly id: string
  readonly title: string
  readonly menu: string
  readonly on: Sentence
  readonly off: Sentence
  /** What is taken for it while nobody said. */
  readonly assumed: string
}

/** A check of one MISP setting that is on or off. */
export function setting(settings: JsonMap, name: string, words: SettingWords): WhyNotCheck {
  const where = lookUp(words.menu, name, `cake Admin getSetting ${name}`)
  if (!Object.hasOwn(settings, name))
    return check(
      words.id,
      words.title,
      'unknown',
      say`${claiming(name, { kind: 'misp', name })} is not set in this workspace.`,
      words.assumed,
      where
    )
  return isEmpty(settings[name])
    ? check(words.id, words.title, 'problem', words.off, null, where)
    : check(words.id, words.title, 'ok', words.on, null, where)
}

/** The first thing that MISP asks. */
export const workflowsEnabled = (settings: JsonMap, off: Sentence): WhyNotCheck =>
  setting(settings, 'Plugin.Workflow_enable', {
    id: 'workflow-enable',
    title: 'Workflows are enabled',
    menu: pluginMenu,
    on: say`Workflows are enabled.`,
    off,
    assumed: 'on'
  })

/** What Redis holds is not known here. `emptied`: what it means for the trigger when nothing is there. */
export const redisCheck = (emptied: Sentence, command: string): WhyNotCheck =>
  check(
    'redis',
    'Redis is reachable',
    'unknown',
    emptied,
    'Redis is up and knows this workflow',
    lookUp('Administration › Server Settings & Maintenance › Diagnostics › Redis info', null, command)
  )

export interface WhyNotQuestion {
  /** The MISP version that was to run it. */
  readonly profile?: ProfileId
  readonly trigger: string
  /** What MISP hands to the trigger; null when no data was chosen. */
  readonly data: JsonMap | null
  /** The event as MISP's database holds it, where the data itself is not that. */
  readonly shown?: JsonMap | undefined
  /** Why the data is nothing that the trigger gets. */
  readonly refused?: string | null
  /** The trigger's workflow; null when there is none. */
  readonly workflow: RawWorkflow | null
  /** MISP settings by name, `enabled_triggers`, `enabled_modules`. What is not named is not known. */
  readonly settings: JsonMap
}

export const profileOf = ({ profile }: WhyNotQuestion): ProfileId => profile ?? defaultProfile
export const tableOf = (question: WhyNotQuestion): ModuleTable => modulesOf(profileOf(question))
