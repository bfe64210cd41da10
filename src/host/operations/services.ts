// What handlers of operations may use.
import type { EventMap, EventName } from '../../contract/events.ts'
import type { AppInfo } from '../../contract/workspace.ts'
import type { HostCapture } from '../capture/host-capture.ts'
import type { Workspace } from '../store/workspace.ts'
import type { Uploads } from '../uploads.ts'

export interface Services {
  readonly workspace: Workspace
  readonly uploads: Uploads
  readonly capture: HostCapture
  readonly app: Omit<AppInfo, 'workspace'>
  emit<N extends EventName>(name: N, data: EventMap[N]): void
}
