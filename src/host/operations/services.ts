// What handlers of operations may use.
import type { EventMap, EventName } from '../../contract/events.ts'
import type { AppInfo } from '../../contract/workspace.ts'
import type { Aside } from '../aside/aside.ts'
import type { HostCapture } from '../capture/host-capture.ts'
import type { KeyStore } from '../ports/keys.ts'
import type { NamedFiles } from '../store/named-files.ts'
import type { AnswerFile, WatchFile } from '../store/schemas.ts'
import type { AcceptedDifference } from '../../contract/verify.ts'
import type { MockSet } from '../../contract/effects.ts'
import type { Workspace } from '../store/workspace.ts'
import type { Trust } from '../trust/trust.ts'
import type { OpenedFiles } from '../opened-files.ts'
import type { Uploads } from '../uploads.ts'
import type { Asked } from './asked.ts'

export interface Services {
  readonly workspace: Workspace
  readonly uploads: Uploads
  readonly opened: OpenedFiles
  readonly capture: HostCapture
  /** Where texts from outside are taken apart. */
  readonly aside: Aside
  readonly keys: KeyStore
  readonly mocks: NamedFiles<MockSet>
  readonly answers: NamedFiles<AnswerFile>
  readonly watches: NamedFiles<WatchFile>
  readonly accepted: NamedFiles<AcceptedDifference>
  /** Which settings and modules hold here. */
  readonly trust: Trust
  /** What a command line says beside the workspace. */
  readonly asked?: Asked
  /** Makes long runs ready to be opened; absent where that happens by itself, later. */
  prepare?(runIds: readonly string[]): Promise<void>
  readonly app: Omit<AppInfo, 'workspace'>
  emit<N extends EventName>(name: N, data: EventMap[N]): void
}
