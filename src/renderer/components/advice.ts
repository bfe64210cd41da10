// What a person can do about an error, and where. The error itself says what happened.
import type { ErrorCode } from '../../contract/errors.ts'

export interface Advice {
  readonly text: string
  /** Where to go on. */
  readonly to?: { readonly label: string; readonly parts: readonly string[] }
}

const missing = 'It may have been deleted, or the link comes from another workspace.'

export const adviceFor: { readonly [C in ErrorCode]?: Advice } = {
  HOST_LOST: {
    text: 'This shows by itself as soon as the connection is back. Start Retrace again if you closed it.'
  },
  CANCELLED: { text: 'Nothing was changed. Try again if you want it after all.' },
  RUN_NOT_FOUND: { text: missing, to: { label: 'All runs', parts: ['runs'] } },
  WORKFLOW_NOT_FOUND: { text: missing, to: { label: 'All workflows', parts: ['workflows'] } },
  DATA_NOT_FOUND: { text: missing, to: { label: 'All data', parts: ['data'] } },
  BLUEPRINT_NOT_FOUND: { text: missing, to: { label: 'All blueprints', parts: ['workflows', 'blueprints'] } },
  MODULE_UNKNOWN: {
    text: 'It is none of MISP’s, and no custom module of that name is switched on.',
    to: { label: 'All modules', parts: ['modules'] }
  },
  TRIGGER_UNKNOWN: { text: 'MISP has no such trigger.', to: { label: 'All triggers', parts: ['triggers'] } },
  INPUT_NOT_JSON: { text: 'Nothing was changed. Repair the file where it is wrong, or import it anew from MISP.' },
  FILE_NOT_FOUND: { text: 'Bring the file back to its place in the workspace’s folder, and try again.' },
  FILE_UNREADABLE: { text: 'Check the permissions of the file, and try again.' },
  STORE_FILE_UNREADABLE: {
    text: 'Nothing was deleted. Repair the file and give it its old name back, or leave it.',
    to: { label: 'Unreadable files', parts: ['settings'] }
  },
  STORE_VERSION_UNKNOWN: { text: 'The file stays as it is. Open the workspace with the newer Retrace.' },
  STORE_WRITE_FAILED: { text: 'Make room on the disk, or allow the folder to be written, and try again.' },
  WORKSPACE_READ_ONLY: {
    text: 'Close the other Retrace or, if the folder was moved or the lock lost, start this one again.'
  },
  WORKER_STOPPED: { text: 'It starts again by itself: try again. A smaller input needs less memory.' },
  INTERNAL: { text: 'Details are in retrace.log of the workspace. Please report it.' }
}
