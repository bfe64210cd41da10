// What changes from one version of MISP to another, by name. A rule says what either version does, so that it reads the same whichever of
// them comes first; what it is of is found by the field of the profile (engine) or by the module's id (module-rules.ts).
import { profileIds, profiles } from './profiles.ts'
import type { ProfileId } from './profiles.ts'
import type { Profile } from './profile.ts'

export interface Rule {
  readonly name: string
  /** Which of the two versions does what. */
  readonly text: string
}

/** A rule as it is written down: what the older version does, and the newer one. */
export interface KnownRule {
  readonly name: string
  readonly older: string
  readonly newer: string
}

/** Oldest first. */
const oldestFirst: readonly ProfileId[] = [...profileIds].reverse()
const ageOf = (id: ProfileId): number => oldestFirst.indexOf(id)

/** The profiles from one to another, both included, in the direction that is asked. */
export function pathBetween(from: ProfileId, to: ProfileId): readonly ProfileId[] {
  const [low, high] = [ageOf(from), ageOf(to)].sort((a, b) => a - b) as [number, number]
  const path = oldestFirst.slice(low, high + 1)
  return ageOf(from) <= ageOf(to) ? path : path.toReversed()
}

/** Whether a change that came with `since` stands between two versions. */
export const isBetween = (since: ProfileId, from: ProfileId, to: ProfileId): boolean =>
  pathBetween(from, to).includes(since) && Math.min(ageOf(from), ageOf(to)) < ageOf(since)

/** `MISP 2.5.1: …. MISP 2.5.19: ….` */
export function ruleBetween({ name, older, newer }: KnownRule, from: ProfileId, to: ProfileId): Rule {
  const [first, second] = ageOf(from) <= ageOf(to) ? [older, newer] : [newer, older]
  return { name, text: bothSaid([from, first], [to, second]) }
}

type Said = readonly [version: ProfileId, what: string]

const bothSaid = (...said: readonly [Said, Said]): string =>
  said.map(([version, what]) => `MISP ${version}: ${what}.`).join(' ')

export type EngineKey = Exclude<keyof Profile, 'id' | 'version' | 'title'>

interface EngineRule {
  readonly name: string
  /** What a version does, by the value of the field. */
  readonly said: (profile: Profile) => string
}

type FlagKey = { [K in EngineKey]: Profile[K] extends boolean ? K : never }[EngineKey]

const flag = (key: FlagKey, name: string, yes: string, no: string): EngineRule => ({
  name,
  said: (profile) => (profile[key] ? yes : no)
})

const engineRules: { readonly [K in EngineKey]: EngineRule } = {
  keptItemsRenumbered: flag(
    'keptItemsRenumbered',
    'WorkflowBaseModule::getItemsMatchingCondition',
    'what a filter keeps is numbered anew, so that lists stay lists; a node filter with an empty selector loses the key Event',
    'what a filter keeps has the numbers that it had, so that a list becomes a map'
  ),
  filtersKnownBySavedNode: flag(
    'filtersKnownBySavedNode',
    'GraphWalker::_executeModuleLogic',
    'a filter is ordinary logic unless the saved node says isFiltering: a disabled, unknown or failing one ends the path',
    'a filter is known by its module, and the path goes on behind one that is disabled, unknown or failing'
  ),
  initiatorInPosts: flag(
    'initiatorInPosts',
    'sendRequestToDebugEndpoint',
    'debug posts say who started the run',
    'debug posts do not say who started the run'
  ),
  asksForBackgroundJobs: flag(
    'asksForBackgroundJobs',
    'executeWorkflowForTriggerRouter',
    'a trigger that does not block is queued only with MISP.background_jobs, else run at once',
    'a trigger that does not block is always queued'
  ),
  templatesSeeEnvironment: flag(
    'templatesSeeEnvironment',
    'templates: _env.baseurl',
    'templates see _env.baseurl',
    'templates have no _env.baseurl'
  ),
  unrenderedIsEmpty: flag(
    'unrenderedIsEmpty',
    'templates: misp-modules down',
    'with misp-modules down a template is an empty text',
    'with misp-modules down a template is a TypeError that aborts the run'
  ),
  changesReachUnfiltered: flag(
    'changesReachUnfiltered',
    '_overrideAttribute, _handleTag',
    'what is changed while filters are on also goes into the unfiltered data, and stays when they are removed',
    'what is changed while filters are on is lost when they are removed'
  ),
  answersFilteredData: flag(
    'answersFilteredData',
    'moduleStatelessExecution',
    'a filter that is run as a single module answers the filtered event',
    'a filter that is run as a single module does not answer the filtered event'
  ),
  labelsOfAllFilters: flag(
    'labelsOfAllFilters',
    'extractFilterNodesFromWorkflow',
    'connections behind every filtering module get labels',
    'only connections behind generic-filter-data get labels'
  ),
  unlabelledInputsAllowed: flag(
    'unlabelledInputsAllowed',
    'attachLabelToConnections',
    'an unlabelled input of a labelled node is left alone',
    'an unlabelled input of a labelled node is a TypeError'
  ),
  failedTriggerJobDies: flag(
    'failedTriggerJobDies',
    'WorkflowShell: failing workflows',
    'the worker of a failing workflow dies of its own message',
    'the worker of a failing workflow ends as it should'
  ),
  reportsHaveTags: flag(
    'reportsHaveTags',
    'Converter',
    'event reports get their tags and inherited tags',
    'event reports have no Tag and no _allTags'
  ),
  adHocWorkflows: flag(
    'adHocWorkflows',
    'Ad-hoc workflows',
    'there are workflows that somebody starts by hand',
    'there are no workflows that somebody starts by hand'
  ),
  permissions: {
    name: 'Workflow user',
    said: ({ permissions }) => `the user of workflows has ${permissions.length} permissions`
  },
  php: {
    name: 'PHP 7.4',
    said: ({ php }) =>
      php === 7
        ? 'it runs on PHP 7.4, for which "abc" == 0 is true, and which only warns of much that PHP 8 does not survive'
        : 'it runs on PHP 8, for which "abc" == 0 is false, and for which more is a TypeError'
  },
  attributeTagsSayLocal: flag(
    'attributeTagsSayLocal',
    'Attribute::fetchAttributes',
    'tags of attributes that are looked up say whether they are local',
    'tags of attributes that are looked up do not say whether they are local'
  ),
  webhookDecodesTextsOnly: flag(
    'webhookDecodesTextsOnly',
    'webhook 0.7, empty payload',
    'a webhook with an empty payload sends the data',
    'a webhook with an empty payload and content type JSON sends null'
  ),
  resultsRequired: flag(
    'resultsRequired',
    'Event::enrichment',
    'an enrichment module that answers without results is an exception',
    'an enrichment module that answers without results adds nothing'
  ),
  postsTellErrors: flag(
    'postsTellErrors',
    'debug posts',
    'the post of an action that answered false says partial-success and lists its errors',
    'the post of an action that answered false says success and lists no errors'
  ),
  logTellsErrors: flag(
    'logTellsErrors',
    'log',
    'the log says how a node ended',
    'the log does not say how a node ended'
  ),
  errorsOutliveExceptions: flag(
    'errorsOutliveExceptions',
    'Workflow::executeNode',
    'what a module reported before it threw is kept beside the text of the exception',
    'what a module reported before it threw is lost'
  ),
  unusableDataThrows: flag(
    'unusableDataThrows',
    'Workflow::__runWorkflow',
    'data that a trigger cannot use aborts the run before its first post',
    'data that a trigger cannot use is an outcome'
  ),
  rendersParameters: flag(
    'rendersParameters',
    'templates: which parameters render',
    'every parameter marked jinja_supported is rendered as a template',
    'only the comment, mail and Telegram modules render templates'
  ),
  sendsWithCurl: flag(
    'sendsWithCurl',
    'CurlClient',
    'requests leave by CurlClient, for which an answer without a body is one',
    'requests leave by CakePHP’s HttpSocket, for which an answer without a body is none'
  ),
  jobsKnowTheirUser: flag(
    'jobsKnowTheirUser',
    'jobs: 5th argument',
    'a queued trigger hands on who caused it',
    'a queued trigger does not hand on who caused it'
  ),
  inAndSorts: flag(
    'inAndSorts',
    'in_and',
    'in_and sorts what is found before it compares',
    'in_and compares what is found in its order'
  ),
  unreadOperators: {
    name: 'greater, less',
    said: ({ unreadOperators }) =>
      unreadOperators.length > 0
        ? 'how greater and less are evaluated could not be read'
        : 'greater and less do not hold'
  },
  concurrentWorkerHasNoLog: flag(
    'concurrentWorkerHasNoLog',
    'WorkflowShell: concurrent branches',
    'workers of concurrent branches have no log',
    'workers of concurrent branches have a log'
  ),
  longestJobArgument: {
    name: 'jobs: longest argument',
    said: ({ longestJobArgument }) => `an argument of a job has at most ${longestJobArgument} bytes`
  }
}

/** Fields of the engine in which two versions differ. */
export const engineDifferences = (from: ProfileId, to: ProfileId): readonly EngineKey[] =>
  (Object.keys(engineRules) as EngineKey[]).filter(
    (key) => JSON.stringify(profiles[from][key]) !== JSON.stringify(profiles[to][key])
  )

export function engineRule(key: EngineKey, from: ProfileId, to: ProfileId): Rule {
  const { name, said } = engineRules[key]
  return { name, text: bothSaid([from, said(profiles[from])], [to, said(profiles[to])]) }
}
