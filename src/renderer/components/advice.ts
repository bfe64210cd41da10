// What a person can do about an error, and where. The error itself says what happened.
import type { ErrorCode } from '../../contract/errors.ts'

export interface Advice {
  readonly text: string
  /** Where to go on. */
  readonly to?: { readonly label: string; readonly parts: readonly string[] }
}

const missing = 'It may have been deleted, or the link belongs to another workspace.'

export const adviceFor: { readonly [C in ErrorCode]?: Advice } = {
  HOST_LOST: {
    text: 'This loads automatically once the connection is back. If you closed Retrace, start it again.'
  },
  CANCELLED: { text: 'Nothing was changed. You can try again at any time.' },
  RUN_NOT_FOUND: { text: missing, to: { label: 'All runs', parts: ['runs'] } },
  WORKFLOW_NOT_FOUND: { text: missing, to: { label: 'All workflows', parts: ['workflows'] } },
  DATA_NOT_FOUND: { text: missing, to: { label: 'All data', parts: ['data'] } },
  BLUEPRINT_NOT_FOUND: { text: missing, to: { label: 'All blueprints', parts: ['workflows', 'blueprints'] } },
  MODULE_UNKNOWN: {
    text: 'MISP has no such module, and no enabled custom module has that name.',
    to: { label: 'All modules', parts: ['modules'] }
  },
  TRIGGER_UNKNOWN: { text: 'MISP has no such trigger.', to: { label: 'All triggers', parts: ['triggers'] } },
  INPUT_NOT_JSON: { text: 'Nothing was changed. Fix the file, or import it again from MISP.' },
  FILE_NOT_FOUND: { text: 'Put the file back into the workspace folder and try again.' },
  FILE_UNREADABLE: { text: 'Check the file’s permissions and try again.' },
  STORE_FILE_UNREADABLE: {
    text: 'Nothing was deleted. Fix the file and restore its name, or leave it as it is.',
    to: { label: 'Unreadable files', parts: ['settings'] }
  },
  STORE_VERSION_UNKNOWN: { text: 'The file was left unchanged. Open the workspace with the newer version of Retrace.' },
  STORE_WRITE_FAILED: { text: 'Free disk space or make the folder writable, and try again.' },
  WORKSPACE_READ_ONLY: {
    text: 'Close the other Retrace. If the folder was moved or the lock was lost, restart this one.'
  },
  WORKER_STOPPED: { text: 'It restarts automatically: try again. A smaller input needs less memory.' },
  INTERNAL: { text: 'Details are in retrace.log in the workspace folder. Please report this.' }
}
