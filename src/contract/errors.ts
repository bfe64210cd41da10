/** Every coded error of Retrace. docs/errors.md is held equal to this table by a test. */
export const errorTable = {
  INPUT_NOT_JSON: 'The input is not valid JSON.',
  INPUT_NOT_OBJECT: 'The input is JSON, but not an object.',
  INPUT_TOO_DEEP: 'The input nests deeper than the limit.',
  INPUT_TOO_LARGE: 'The input is larger than the limit.',
  INPUT_WRONG_TYPE: 'A field of the input has an unexpected type.',
  INPUT_OTHER_KIND: 'The input is something else than what is needed here.',
  INPUT_SEVERAL: 'The input holds several entries, of which one must be chosen.',
  POST_NOT_UNDERSTOOD: 'The post is not one that MISP sends.',
  POST_ENCODING_INVALID: 'The encoding of a post’s body is damaged or unknown.',
  FILE_NOT_FOUND: 'The file does not exist.',
  FILE_UNREADABLE: 'The file cannot be read.',
  WORKFLOW_INVALID: 'The input is not a MISP workflow.',
  WORKFLOW_NO_TRIGGER: 'The workflow has no trigger.',
  WORKFLOW_CYCLE: 'The workflow contains a cycle.',
  WORKFLOW_DANGLING_CONNECTION: 'A connection leads to a node that does not exist.',
  WORKFLOW_TOO_LARGE: 'The workflow is larger than the limit.',
  MODULE_UNKNOWN: 'There is no such module.',
  TRIGGER_UNKNOWN: 'There is no such trigger.',
  PROFILE_UNKNOWN: 'There is no such MISP version.',
  MISP_FAILS: 'MISP itself fails here, with the PHP exception named.',
  HASH_PATH_INVALID: 'The hash path is invalid.',
  REGEX_TOO_COMPLEX: 'The regular expression did not finish within the limit.',
  REGEX_UNSUPPORTED: 'Retrace does not know this form of regular expression.',
  RUN_NOT_FOUND: 'The workspace has no such run.',
  RUN_FAILED_TO_START: 'The run could not be started.',
  RUN_NOT_RUNNING: 'The run is not in progress.',
  RUN_NOT_REPEATABLE: 'The run cannot be repeated as it was.',
  CASE_INVALID: 'The file is not a case that can be run.',
  CASE_NOT_MADE: 'No case can be made of this run.',
  VERIFY_NOT_CAPTURED: 'The run was not posted by MISP, so there is nothing to verify it against.',
  STEP_NOT_FOUND: 'The run has no such step.',
  NODE_NOT_FOUND: 'The workflow of the run has no such node.',
  WORKFLOW_KNOWN: 'The workspace has this workflow already.',
  WORKFLOW_CHANGED: 'The workflow has a newer version than the one that was edited.',
  WORKFLOW_NOT_FOUND: 'The workspace has no such workflow.',
  BLUEPRINT_NOT_FOUND: 'The workspace has no such blueprint.',
  BLUEPRINT_INVALID: 'The input is not a MISP blueprint.',
  DEMO_NOT_FOUND: 'There is no such demonstration.',
  DATA_NOT_FOUND: 'The workspace has no such data set.',
  UPLOAD_NOT_FOUND: 'The upload no longer exists.',
  STORE_FILE_UNREADABLE: 'A file of the workspace cannot be read. It was kept with the extension .bad.',
  STORE_VERSION_UNKNOWN: 'A file of the workspace was written by a newer Retrace.',
  STORE_WRITE_FAILED: 'The workspace cannot be written.',
  WORKSPACE_READ_ONLY: 'The workspace is read-only: another Retrace has it open, or it was moved or deleted.',
  WORKSPACE_NOT_FOUND: 'There is no workspace in this folder.',
  TRUST_CHANGED: 'What was to be allowed has changed.',
  FILE_EXISTS: 'The file already exists.',
  COMMAND_INVALID: 'The command line is invalid.',
  ACCESS_DENIED: 'The request does not come from the app.',
  ADDRESS_REFUSED: 'Retrace does not contact this kind of address.',
  ADDRESS_UNKNOWN: 'The host name cannot be resolved.',
  ADDRESS_IN_USE: 'The address is in use by another program.',
  WORKER_STOPPED: 'The engine worker stopped before it answered.',
  OPERATION_NOT_READY: 'The operation is not available yet.',
  LIVE_NOT_CONFIRMED: 'A live run needs the token of its plan.',
  MAIL_NOT_ENCRYPTED: 'The mail server offers no TLS, so the password is not sent.',
  MAIL_PASSWORD_MISSING: 'There is no password for this user on this mail server.',
  ACCEPTED_NOT_FOUND: 'The workspace has no such accepted difference.',
  MOCKS_NOT_FOUND: 'The workspace has no such set of mocks or responses.',
  MODULE_FILE_INVALID: 'A file in modules/ is not a custom module.',
  MODULE_STOPPED: 'A custom module exceeded its time, memory or stack limit and was stopped.',
  EFFECT_NOT_FOUND: 'The run has no such effect.',
  TAKE_OVER_FAILED: 'MISP did not answer as expected.',
  TAKE_OVER_UNKNOWN: 'The file is not a MISP API response that Retrace knows.',
  PARAMS_INVALID: 'The parameters of an operation do not match its schema.',
  SERVICE_NOT_SET: 'No service of this kind is configured.',
  SETTING_INVALID: 'A setting has an invalid value.',
  OPERATION_UNKNOWN: 'There is no such operation.',
  HOST_LOST: 'The connection to the host was lost.',
  CANCELLED: 'Cancelled by the user.',
  INTERNAL: 'Internal error: a bug in Retrace.'
} as const

export type ErrorCode = keyof typeof errorTable

/** A coded error for the user: what went wrong, with which input, and where in it. */
export class CodedError extends Error {
  override readonly name = 'CodedError'
  constructor(
    readonly code: ErrorCode,
    message: string = errorTable[code],
    /** `file`: the input's name; `place`: where in it (a JSON path, a line). */
    readonly details?: { readonly file?: string; readonly place?: string; readonly [key: string]: unknown }
  ) {
    super(message)
  }
}
