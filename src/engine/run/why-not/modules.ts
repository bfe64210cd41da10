// What keeps the modules of a workflow from doing their work although the workflow runs.
import type { WhyNotCheck } from '../../../contract/authoring.ts'
import type { Json, JsonMap } from '../../../contract/json.ts'
import { claiming, say, some } from '../../../contract/sentence.ts'
import type { Sentence } from '../../../contract/sentence.ts'
import type { RawWorkflow } from '../../../contract/workflow.ts'
import { dataOf, moduleOf, nodesOf } from '../../graph/nodes.ts'
import { entries, isEmpty } from '../../php/values.ts'
import type { ModuleTable } from '../../modules/table.ts'
import type { Profile } from '../../profiles/profile.ts'
import { profiles } from '../../profiles/profiles.ts'
import { check, lookUp, setting } from './words.ts'

const pluginMenu = 'Administration › Server Settings & Maintenance › Plugin'

interface Used {
  readonly type: string
  readonly id: string
  readonly node: Json
}

export function moduleChecks(workflow: RawWorkflow, settings: JsonMap, table: ModuleTable): WhyNotCheck[] {
  const isService = isServiceIn(table)
  const asksService = asksServiceIn(table)
  const hasTemplates = hasTemplatesIn(table)
  const used = nodesOf(workflow.data)
    .map(({ node }): Used => ({ ...moduleOf(node), node }))
    .filter(({ type, id }) => type !== 'trigger' && id !== '')
  return [
    enabledCheck(used, settings, table.enabledByDefault),
    ...(used.some(isService) ? [actionServices(settings)] : []),
    ...(used.some(asksService) || used.some(hasTemplates)
      ? [enrichmentServices(used.some(hasTemplates), settings, profiles[table.profile])]
      : []),
    ...(used.some(obeysUrlSettingIn(table)) ? [arbitraryUrls(settings)] : [])
  ]
}

const asksServiceIn =
  (table: ModuleTable) =>
  ({ type, id }: Used): boolean =>
    type === 'action' && (table.facts('action', id)?.sends ?? []).some(({ to }) => to === 'service')
const obeysUrlSettingIn =
  (table: ModuleTable) =>
  ({ type, id }: Used): boolean =>
    type === 'action' && table.facts('action', id)?.arbitraryUrls === 'obeyed'

const names = (list: readonly string[]): Sentence =>
  some(list.slice(0, list.length > 5 ? 4 : 5).map(moduleNamed), list.length, { in: 'modules' })
const moduleNamed = (name: string): Sentence => claiming(name, { kind: 'module', id: name })

function enabledCheck(used: readonly Used[], settings: JsonMap, enabledByDefault: readonly string[]): WhyNotCheck {
  const title = 'The modules are enabled'
  const where = lookUp(
    'Administration › Workflows › List Modules (the switch of the row)',
    null,
    'redis-cli SMEMBERS workflow:modules_enabled'
  )
  const given = settings['enabled_modules']
  const ids = [...new Set(used.map((one) => one.id))]
  if (!Array.isArray(given)) {
    const missing = ids.filter((id) => !enabledByDefault.includes(id))
    const text =
      missing.length === 0
        ? say`The workflow only uses modules that are enabled by default.`
        : say`Not enabled by default: ${names(missing)}. A disabled logic module continues at its false output; a disabled action does nothing, and a blocking one stops the workflow.`
    return missing.length === 0
      ? check('modules', title, 'ok', text, null, where)
      : check('modules', title, 'unknown', text, 'every module of the workflow is enabled', where)
  }
  const off = ids.filter((id) => !(given as readonly Json[]).includes(id))
  return off.length === 0
    ? check('modules', title, 'ok', say`Every module of the workflow is enabled.`, null, where)
    : check(
        'modules',
        title,
        'problem',
        say`Disabled: ${names(off)}. A disabled logic module continues at its false output; a disabled action does nothing, and a blocking one stops the workflow.`,
        null,
        where
      )
}

const isServiceIn =
  (table: ModuleTable) =>
  ({ type, id, node }: Used): boolean =>
    type === 'action' && (!isEmpty(dataOf(node, 'is_misp_module')) || table.find('action', id) === undefined)

const actionServices = (settings: JsonMap): WhyNotCheck =>
  setting(settings, 'Plugin.Action_services_enable', {
    id: 'action-services',
    title: 'The Action services are on',
    menu: `${pluginMenu} › Action`,
    on: say`Action services are on; misp-modules must be running, too.`,
    off: say`Action services are off: the workflow’s misp-modules actions do nothing, and MISP counts that as success.`,
    assumed: 'on, and misp-modules is running'
  })

const enrichmentServices = (templates: boolean, settings: JsonMap, { unrenderedIsEmpty }: Profile): WhyNotCheck => {
  const what = templates
    ? say`Templates are rendered by misp-modules, and without it ${unrenderedIsEmpty ? 'they are empty texts' : 'the whole run aborts with a TypeError'}.`
    : say`Enrichment modules do not respond, and attach-enrichment aborts the run with a TypeError.`
  return setting(settings, 'Plugin.Enrichment_services_enable', {
    id: 'enrichment-services',
    title: 'The Enrichment services are on',
    menu: `${pluginMenu} › Enrichment`,
    on: say`Enrichment services are on; misp-modules must be running, too.${templates && ' It also renders the templates.'}`,
    off: say`Enrichment services are off. ${what}`,
    assumed: 'on, and misp-modules is running'
  })
}

/** Any text of a parameter that MISP has rendered: it asks for every one that is not empty. */
const hasTemplatesIn =
  (table: ModuleTable) =>
  ({ type, id, node }: Used): boolean => {
    const definition = table.find(type, id)
    const rendered = new Set(
      (definition?.params ?? []).filter((one) => one['jinja_supported'] === true).map((one) => one.id)
    )
    return entries(dataOf(node, 'indexed_params')).some(([name, value]) => rendered.has(name) && !isEmpty(value))
  }

const arbitraryUrls = (settings: JsonMap): WhyNotCheck =>
  setting(settings, 'Security.rest_client_enable_arbitrary_urls', {
    id: 'arbitrary-urls',
    title: 'Requests to any URL are allowed',
    menu: 'Administration › Server Settings & Maintenance › Security',
    on: say`Requests to any URL are allowed.`,
    off: say`They are not (MISP’s default): Webhook and MS Teams Webhook send nothing and fail.`,
    assumed: 'allowed'
  })
