// What changes from one version of MISP to another, by name: of the engine, by the field of the profile; of modules, by their ids. Said of the
// newer version, as its change; between two versions in the other direction it is what goes away.
import { lineage, profiles } from './profiles.ts'
import type { ProfileId } from './profiles.ts'
import type { Profile } from './profile.ts'

export interface Rule {
  readonly name: string
  readonly text: string
}

export type EngineKey = Exclude<keyof Profile, 'id' | 'version' | 'title'>

const engineRules: { readonly [K in EngineKey]: Rule } = {
  keptItemsRenumbered: {
    name: 'WorkflowBaseModule::getItemsMatchingCondition',
    text: 'Filters renumber what they keep, so that lists stay lists; a node filter with an empty selector loses the key Event.'
  },
  filtersKnownBySavedNode: {
    name: 'GraphWalker::_executeModuleLogic',
    text: 'Filter nodes are ordinary logic unless the saved node says isFiltering: a disabled, unknown or failing one ends the path.'
  },
  initiatorInPosts: {
    name: 'sendRequestToDebugEndpoint',
    text: 'Posts say who started the run.'
  },
  asksForBackgroundJobs: {
    name: 'executeWorkflowForTriggerRouter',
    text: 'A trigger that does not block is queued only with MISP.background_jobs, else run at once.'
  },
  templatesSeeEnvironment: { name: 'templates', text: 'Templates see _env.baseurl.' },
  unrenderedIsEmpty: {
    name: 'templates',
    text: 'With misp-modules down a template is an empty text instead of a TypeError that aborts the run.'
  },
  changesReachUnfiltered: {
    name: '_overrideAttribute, _handleTag',
    text: 'While filters are on, changes also go into the unfiltered data: a reset keeps them.'
  },
  answersFilteredData: {
    name: 'moduleStatelessExecution',
    text: 'A filter that is run as a single module answers the filtered event.'
  },
  labelsOfAllFilters: {
    name: 'extractFilterNodesFromWorkflow',
    text: 'Connections behind every filtering module get labels.'
  },
  unlabelledInputsAllowed: {
    name: 'attachLabelToConnections',
    text: 'An unlabelled input of a labelled node is no longer a TypeError.'
  },
  failedTriggerJobDies: {
    name: 'WorkflowShell',
    text: 'The worker of a failing workflow no longer dies of its own message.'
  },
  reportsHaveTags: { name: 'Converter', text: 'Event reports get their tags and inherited tags.' },
  adHocWorkflows: { name: 'Ad-hoc workflows', text: 'There are workflows that somebody starts by hand.' },
  permissions: { name: 'Workflow user', text: 'The user of workflows has other permissions.' },
  php: {
    name: 'PHP 7.4',
    text: 'Values are compared as PHP 8 does ("abc" == 0 is false), and more of what PHP 7.4 warned of is a TypeError.'
  },
  attributeTagsSayLocal: {
    name: 'Attribute::fetchAttributes',
    text: 'Tags of attributes that are looked up say whether they are local.'
  },
  webhookDecodesTextsOnly: { name: 'webhook 0.7', text: 'An empty payload sends the data; it sent null.' },
  resultsRequired: {
    name: 'Event::enrichment',
    text: 'An enrichment module that answers without results is an exception.'
  },
  postsTellErrors: {
    name: 'debug posts',
    text: 'The post of an action that answered false says partial-success and lists its errors; it said success.'
  },
  logTellsErrors: { name: 'log', text: 'The log says how a node ended.' },
  errorsOutliveExceptions: {
    name: 'Workflow::executeNode',
    text: 'What a module reported before it threw is no longer kept.'
  },
  unusableDataThrows: {
    name: 'Workflow::__runWorkflow',
    text: 'Data that a trigger cannot use is an outcome; it aborted the run before init.'
  },
  rendersParameters: {
    name: 'templates',
    text: 'Every parameter marked jinja_supported is rendered; only some modules rendered theirs.'
  },
  sendsWithCurl: { name: 'CurlClient', text: 'Requests leave by CurlClient: an answer without a body is one.' },
  jobsKnowTheirUser: { name: 'jobs', text: 'A queued trigger hands on who caused it.' },
  inAndSorts: { name: 'in_and', text: 'What is found is sorted before in_and compares it.' },
  unreadOperators: { name: 'greater, less', text: 'How greater and less are evaluated could not be read.' },
  concurrentWorkerHasNoLog: { name: 'WorkflowShell', text: 'Workers of concurrent branches have no log.' },
  longestJobArgument: { name: 'jobs', text: 'The longest argument of a job differs.' }
}

interface ModuleRule extends Rule {
  readonly ids: readonly string[]
  /** The profile that brings the difference. */
  readonly at: ProfileId
}

const moduleRules: readonly ModuleRule[] = [
  {
    ids: ['tag_operation'],
    ...{ at: '2.5.19', name: 'tag_operation 0.2' },
    text: 'The roaming data is updated with the tags that were really attached or removed.'
  },
  {
    ids: ['tag_replacement_tlp', 'tag_replacement_pap', 'tag_replacement_generic', 'assign_country'],
    ...{ at: '2.5.19', name: 'tag_replacement_*, assign_country' },
    text: 'They call tag_operation with too few arguments: an ArgumentCountError aborts the run as soon as a tag is to change.'
  },
  {
    ids: ['attribute_ids_flag_operation', 'Module_attribute_comment_operation'],
    ...{ at: '2.5.19', name: 'IDS flag, comment' },
    text: 'The roaming data gets what the edit answered.'
  },
  {
    ids: ['enrich-event'],
    ...{ at: '2.5.19', name: 'enrich-event 0.2' },
    text: 'It ends with the converted event from the database, also when nothing was added.'
  },
  {
    ids: ['generic-filter-reset'],
    ...{ at: '2.5.19', name: 'generic-filter-reset' },
    text: 'A label also removes the labels that begin with it.'
  },
  {
    ids: ['tag-if'],
    ...{ at: '2.5.19', name: 'tag-if 0.4' },
    text: 'It has the scopes event_report and inherited_report.'
  },
  {
    ids: ['distribution-if'],
    ...{ at: '2.5.19', name: 'distribution-if 0.3' },
    text: 'Scope attribute without attributes is false; sharing groups are compared only if both sides are 4, and an empty selection is inverted.'
  },
  {
    ids: ['send-report-to-cti-info-extractor'],
    ...{ at: '2.5-newest', name: 'send-report-to-cti-info-extractor 0.2' },
    text: 'It summarises the report and has no parameters any more.'
  },
  {
    ids: ['webhook'],
    at: '2.4.177',
    name: 'webhook 0.4',
    text: 'In 2.4.177: it posts what data_extraction_path extracts, and has no payload, method or headers.'
  },
  {
    ids: ['stop-execution'],
    at: '2.4.177',
    name: 'stop-execution 0.1',
    text: 'In 2.4.177: it has no message: “Execution stopped”.'
  },
  { ids: ['splunk-hec-export'], at: '2.4.177', name: 'splunk-hec-export', text: 'In 2.4.177: it works.' },
  { ids: ['telegram-send-alert'], at: '2.4.177', name: 'telegram', text: 'In 2.4.177: the URL lacks `bot`.' },
  {
    ids: ['ms-teams-webhook'],
    at: '2.4.177',
    name: 'ms-teams 0.4',
    text: 'In 2.4.177: it extends the webhook of then.'
  },
  { ids: ['attach-warninglist'], at: '2.4.177', name: 'attach-warninglist 0.1', text: 'In 2.4.177: one name or ALL.' },
  {
    ids: ['organisation-if'],
    at: '2.4.177',
    name: 'organisation-if 0.1',
    text: 'In 2.4.177: equals and not_equals with one org_id.'
  },
  {
    ids: ['distribution-if'],
    ...{ at: '2.4.177', name: 'distribution-if 0.2' },
    text: 'In 2.4.177: an empty selection of groups equals none; groups of attributes are looked at for scope event too.'
  },
  {
    ids: ['generic-filter-data'],
    at: '2.4.177',
    name: 'generic-filter-data',
    text: 'In 2.4.177: the selector is a plain field.'
  },
  {
    ids: ['attribute_ids_flag_operation', 'Module_attribute_comment_operation'],
    ...{ at: '2.4.177', name: 'attribute edition' },
    text: 'In 2.4.177: one save for each attribute; the roaming data gets the edited attribute.'
  }
]

/** Fields of the engine in which two versions differ. */
export const engineDifferences = (from: ProfileId, to: ProfileId): readonly EngineKey[] =>
  (Object.keys(engineRules) as EngineKey[]).filter(
    (key) => JSON.stringify(profiles[from][key]) !== JSON.stringify(profiles[to][key])
  )

export const engineRule = (key: EngineKey): Rule => engineRules[key]

/** Profiles whose differences stand between two versions. */
const between = (from: ProfileId, to: ProfileId): readonly ProfileId[] => [
  ...lineage[from].filter((id) => !lineage[to].includes(id)),
  ...lineage[to].filter((id) => !lineage[from].includes(id))
]

/** What is known of how a module differs between two versions; empty: only that it does. */
export function moduleRulesOf(id: string, from: ProfileId, to: ProfileId): readonly Rule[] {
  const brought = between(from, to)
  return moduleRules.filter(({ ids, at }) => ids.includes(id) && brought.includes(at))
}
