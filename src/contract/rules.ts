// Every problem that a check can report, by its id. docs/rules.md is made from this table, the editor shows it beside a problem, and SARIF carries it.

export interface Rule {
  /** `error`: MISP refuses to save such a workflow. */
  readonly severity: 'error' | 'warning'
  readonly title: string
  /** What MISP does with it. */
  readonly why: string
  /** What a person can do. */
  readonly fix: string
}

const error = (title: string, why: string, fix: string): Rule => ({ severity: 'error', title, why, fix })
const warning = (title: string, why: string, fix: string): Rule => ({ severity: 'warning', title, why, fix })

/** Ids are never renamed or used again: files that suppress problems name them. */
export const rules = {
  WORKFLOW_INVALID: error(
    'The file cannot be read as a workflow',
    'It is not JSON, or a part of it is not of the kind that MISP writes there, so that MISP cannot import it.',
    'Export the workflow from MISP again. In a repository, look for a merge that was not finished.'
  ),
  CYCLE: error(
    'The connections form a cycle',
    'MISP refuses to save a workflow whose nodes lead back to themselves.',
    'Remove one of the connections named.'
  ),
  NO_TRIGGER: error(
    'No trigger',
    'MISP saves a workflow only with exactly one trigger.',
    'Add the trigger that starts the workflow. A blueprint needs none.'
  ),
  MANY_TRIGGERS: error(
    'More than one trigger',
    'MISP saves a workflow only with exactly one trigger.',
    'Make a workflow for each trigger.'
  ),
  MANY_CONNECTIONS: error(
    'More than one connection at an output',
    'MISP refuses to save a workflow where an output leads to several nodes. Only a concurrent task may.',
    'Put the nodes one after the other, or use a concurrent task.'
  ),
  NODE_ID_TWICE: warning(
    'An id is used twice',
    'MISP follows connections by id, so that one of the nodes is never found.',
    'Give each node an id of its own.'
  ),
  NODE_KEY_DIFFERS: warning(
    'A node is stored under another key than its id',
    'MISP looks up the target of a connection by the key in the JSON, not by the id inside the node. It finds another node, or none.',
    'Store each node under its id.'
  ),
  DANGLING_CONNECTION: warning(
    'A connection leads to a node that does not exist',
    'MISP saves this, and aborts the run with a TypeError when it gets there.',
    'Remove the connection, or add the node.'
  ),
  UNREACHABLE: warning(
    'Nodes that are never reached',
    'There is no path from the trigger, so these nodes never run.',
    'Connect or remove them.'
  ),
  START_NOT_FOUND: warning(
    'The walk cannot start',
    'MISP looks up the trigger, or a concurrent task, by its id and finds nothing under that key.',
    'Store the node under its id.'
  ),
  BLOCKING_PATH: warning(
    'A blocking module behind a concurrent task',
    'A concurrent task runs in a background job. A module behind it cannot block what started the workflow.',
    'Put the blocking module before the concurrent task.'
  ),
  MODULE_UNKNOWN: warning(
    'The module is not known',
    'MISP cannot load the class of the module and shows an error in the node. In the version checked for, MISP does not ship it; it may be a custom module or come from a misp-modules service.',
    'Check the id, choose the right MISP version (`--profile`), or let Retrace know your custom module (`--workspace`).'
  ),
  MODULE_DISABLED: warning(
    'The module is disabled',
    'MISP skips a disabled module; one that is blocking stops the execution.',
    'Enable the module in MISP, under Workflows › List modules.'
  ),
  MODULE_BLOCKING: warning(
    'A blocking module in a workflow that cannot block',
    'The trigger does not wait for the workflow. The module runs, and what started the workflow goes on all the same.',
    'Use a blocking trigger, or another module.'
  ),
  DATA_FORMAT: warning(
    'The data may have another format',
    'The module expects the MISP core format, and the trigger hands over data in another one.',
    'Run the workflow on data of the trigger and look at what the module finds.'
  ),
  ARBITRARY_URLS_OFF: warning(
    'Requests to any URL are switched off',
    'The module sends nothing as long as `Security.rest_client_enable_arbitrary_urls` is off.',
    'Switch the setting on in MISP, on its command line.'
  ),
  MODULE_VERSION: warning(
    'Saved with another version of the module',
    'MISP keeps the version that a node was saved with. Parameters may mean something else now.',
    'Open the workflow, look at the parameters of the node, and save it.'
  ),
  MODULE_ABORTS: warning(
    'The module always ends the run',
    'With these parameters the module ends in an error in the version checked for, whatever the data.',
    'Follow what the message says, or use another module.'
  ),
  MODULE_DOES_NOTHING: warning(
    'The module does nothing',
    'With these parameters the module changes and sends nothing, whatever the data.',
    'Complete the parameters, or remove the node.'
  ),
  PARAM_UNKNOWN: warning(
    'The module has no such parameter',
    'MISP keeps the parameter and ignores it.',
    'Remove it, or check for the MISP version that has it (`--profile`).'
  ),
  PARAM_VALUE_UNKNOWN: warning(
    'A value that the module does not offer',
    'The value is not one of those that can be chosen, so that the module behaves as its code happens to treat it.',
    'Choose one of the values that the editor offers.'
  ),
  TEMPLATE_INVALID: warning(
    'A template that cannot be rendered',
    'Jinja refuses the template whatever the data is. MISP uses an empty text instead.',
    'Correct the template at the line named.'
  ),
  JSON_INVALID: warning(
    'A parameter that should be JSON is none',
    'The module reads the text as JSON and cannot.',
    'Correct the JSON at the place named.'
  ),
  CONDITION_NEVER: warning(
    'The condition never holds',
    'Whatever the data, the node leaves through its “false” output.',
    'Correct the condition, or remove the node.'
  ),
  CONDITION_ALWAYS: warning(
    'The condition always holds',
    'Whatever the data, the node leaves through its “true” output.',
    'Correct the condition, or remove the node.'
  ),
  FILTER_KEEPS_NOTHING: warning(
    'The filter keeps nothing',
    'Whatever the data, no element passes, so that the nodes behind it work on nothing.',
    'Correct the filter.'
  ),
  FILTER_NEVER_SET: warning(
    'A filter is removed that was never set',
    'Without any filter, removing all of them loses all data, and removing one aborts the run.',
    'Set the filter before, or remove the node.'
  ),
  FILTER_IS_LIST: warning(
    'The filter of the node is saved as a list',
    'MISP reads the filter by name, finds none in a list, and works on all elements.',
    'Set the filter again in the editor and save the workflow.'
  ),
  LABELS_FAIL: warning(
    'MISP’s editor cannot open the workflow',
    'Putting the labels of filters on the connections ends in a PHP error.',
    'Correct the nodes that the message names.'
  ),
  NO_WILDCARD: warning(
    'A value that looks like a pattern',
    'Conditions compare letter by letter; `%` and `*` stand for themselves.',
    'Name the values one by one, or use a condition that takes regular expressions.'
  ),
  CLUSTER_NAME: warning(
    'The name of a galaxy cluster is written differently',
    'MISP puts `misp-galaxy:` before the names of clusters, which read `type="value"`. A name of another form matches none.',
    'Choose the cluster in the editor.'
  ),
  NEEDS_ATTRIBUTE: warning(
    'The condition needs an attribute',
    'In an event without attributes the module has nothing to look at and ends in an error.',
    'Test for attributes before it.'
  ),
  SERVICE_MODULE_UNKNOWN: warning(
    'The misp-modules service does not list the module',
    'MISP aborts the run when it asks the service for a module that is not there.',
    'Enable the module in misp-modules, or correct its name.'
  ),
  NO_USER: warning(
    'MISP finds no user to run workflows as',
    'Without a user MISP does not run the workflow.',
    'Set `MISP.host_org_id` to an organisation that exists, or create a site administrator.'
  ),
  RECURSION: warning(
    'The workflow can trigger itself',
    'An action fires the trigger of the same workflow, directly or through others. MISP has no limit for that.',
    'Add a condition that no longer holds after the first time.'
  ),
  PATH_NO_MATCH: warning(
    'A hash path matches nothing in the chosen data',
    'The module looks for a path that the chosen data does not have. Only the editor reports this, where data is chosen.',
    'Correct the path, or choose other data.'
  ),
  SUPPRESSION_UNUSED: warning(
    'A suppression that suppresses nothing',
    'No problem of what was checked fits this entry of a `.retrace.json`.',
    'Remove the entry.'
  )
} as const satisfies { readonly [id: string]: Rule }

export type RuleId = keyof typeof rules

export const isRuleId = (id: string): id is RuleId => Object.hasOwn(rules, id)
