// What a MISP version does differently because of its engine or its process. Each difference is a name; code asks for the name and
// never compares versions. What a version changes of one module stands in that module's folder (`versions`, `addedIn`, `missingIn`).

export interface Profile {
  readonly id: string
  /** The version that MISP names in its requests' User-Agent; of a profile for many, the oldest. */
  readonly version: string
  /** Which versions it stands for, in a list of profiles. */
  readonly title: string
  /**
   * The worker of a concurrent branch has no log object: with debug mode on it dies at the first node that ends as success or
   * partial success, after the node's effect and before its post (Workflow::logExecutionIfDebug).
   */
  readonly concurrentWorkerHasNoLog: boolean
  /**
   * The largest job argument in bytes with which a worker can start: jobs carry their data on the command line, and Linux
   * refuses a longer argument (MAX_ARG_STRLEN).
   */
  readonly longestJobArgument: number
  /** The PHP that MISP runs on: 7 compares a number with a text as numbers, and only warns where 8 throws many a TypeError. */
  readonly php: 7 | 8
  /**
   * Items that a filter keeps are renumbered, so that lists stay lists and an event that is filtered itself loses its key `Event`; what
   * is no array is a TypeError (WorkflowBaseModule::getItemsMatchingCondition).
   */
  readonly keptItemsRenumbered: boolean
  /** Operators that this MISP evaluates in a way that could not be read: what depends on them cannot be told. */
  readonly unreadOperators: readonly string[]
  /** The values found are sorted before `in_and` compares them (WorkflowBaseModule::evaluateCondition). */
  readonly inAndSorts: boolean
  /**
   * A filter is known by `isFiltering` in the saved node, which MISP's editor never saves, instead of by its id; others take `output_1` or
   * `output_2` as any logic (GraphWalker::_executeModuleLogic).
   */
  readonly filtersKnownBySavedNode: boolean
  /** Connections behind every module with `isFiltering` get labels, not behind generic-filter-data only (WorkflowGraphTool::extractFilterNodesFromWorkflow). */
  readonly labelsOfAllFilters: boolean
  /** An unlabelled connection into a labelled node is left alone instead of being a TypeError (Workflow::attachLabelToConnections). */
  readonly unlabelledInputsAllowed: boolean
  /** Posts say who started the run (`initiator_user_id`, Workflow::sendRequestToDebugEndpoint). */
  readonly initiatorInPosts: boolean
  /** A trigger that does not block is queued only with `MISP.background_jobs`, else run at once (Workflow::executeWorkflowForTriggerRouter). */
  readonly asksForBackgroundJobs: boolean
  /** The worker of a trigger's failing workflow dies of its own message (WorkflowShell::executeWorkflowForTrigger). */
  readonly failedTriggerJobDies: boolean
  /** Templates see `_env.baseurl` (WorkflowBaseModule::getParamsWithValues). */
  readonly templatesSeeEnvironment: boolean
  /** A template that misp-modules does not render is an empty text instead of a TypeError (WorkflowBaseModule::render_jinja_template). */
  readonly unrenderedIsEmpty: boolean
  /** What modules change while filters are on is changed in the unfiltered data too (WorkflowBaseActionModule::_overrideAttribute). */
  readonly changesReachUnfiltered: boolean
  /** Executing a filter alone answers the filtered event (Workflow::moduleStatelessExecution). */
  readonly answersFilteredData: boolean
  /** Event reports get `Tag` and `_allTags` (JSONConverterTool::__cleanEventReports, WorkflowFormatConverterTool::__propagateTagToEntity). */
  readonly reportsHaveTags: boolean
  /** The tags of an attribute that is looked up say whether they are local (MispAttribute::fetchAttributes). */
  readonly attributeTagsSayLocal: boolean
  /** A webhook decodes its payload only when that is a text (Module_webhook::exec, and what extends it). */
  readonly webhookDecodesTextsOnly: boolean
  /** An enrichment module that answers without results is an exception (Event::enrichment). */
  readonly resultsRequired: boolean
  /** A failed action's post says `partial-success`, and posts hold the errors that were reported (Workflow::executeNode). */
  readonly postsTellErrors: boolean
  /** The log says how a node ended, and that a run went on after an error (Workflow::executeNode, __runWorkflow). */
  readonly logTellsErrors: boolean
  /** What a module reported before it threw an Exception is kept beside the text of that (Workflow::executeNode). */
  readonly errorsOutliveExceptions: boolean
  /** Data that a trigger cannot use ends in an exception instead of an outcome (Workflow::__runWorkflow). */
  readonly unusableDataThrows: boolean
  /** Parameters marked `jinja_supported` are rendered (WorkflowBaseModule::getParamsWithValues); before, some modules did it themselves. */
  readonly rendersParameters: boolean
  /** Requests leave by CurlClient (SyncTool::createHttpSocket); before, by CakePHP's HttpSocket. */
  readonly sendsWithCurl: boolean
  /** A queued trigger hands on who caused it (Workflow::executeWorkflowForTriggerRouter). */
  readonly jobsKnowTheirUser: boolean
  /** Workflows that somebody starts by hand (Workflow::__runAdHocWorkflow). */
  readonly adHocWorkflows: boolean
  /** Role::permFlags, in its order: what the made-up user of workflows may do. */
  readonly permissions: readonly string[]
}

/** A profile as its file states it: what differs from the one that it extends. */
export type ProfileDifferences = Partial<Omit<Profile, 'id'>>
