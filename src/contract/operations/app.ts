// The app and who uses it: its workspaces, the one that is open, its version of MISP, what of it was allowed.
import { z } from 'zod'
import type { MispSettings } from '../misp-settings.ts'
import type { ProfilesState } from '../profiles.ts'
import type { TrustState } from '../trust.ts'
import type { AppInfo, OpenedFiles, WorkspaceInfo } from '../workspace.ts'
import type { SwitchedWorkspace, WorkspaceList } from '../workspaces.ts'
import { takes } from './operation.ts'
import { id, map, nothing } from './params.ts'

const trustChoices = z.strictObject({
  items: z.array(z.strictObject({ key: z.string().max(300), hash: z.string().max(100) })).max(1000)
})

export const appOperations = {
  /** Ends a call that is under way: it is answered CANCELLED, and leaves nothing. False when it is over already. */
  'calls.cancel': takes(z.strictObject({ callId: id })).gives<{ readonly found: boolean }>(),
  'app.info': takes(nothing).gives<AppInfo>(),
  /** Files that the app was started with. Each is answered once. */
  'app.openedFiles': takes(nothing).gives<OpenedFiles>(),

  /** The person's workspaces and the demonstrations; which of them is open. */
  'workspaces.list': takes(nothing).gives<WorkspaceList>(),
  /**
   * Opens another one in place of the one that is open. One of the person's own takes MISP's posts from then on; a demonstration never does.
   * WORKSPACE_NOT_FOUND, DEMO_NOT_FOUND.
   */
  'workspaces.open': takes(
    z.union([z.strictObject({ folder: z.string().min(1).max(4096) }), z.strictObject({ demonstration: id })])
  ).gives<SwitchedWorkspace>(),
  /** An empty one of the person's own. FILE_EXISTS. */
  'workspaces.create': takes(
    z.strictObject({ name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u) })
  ).gives<SwitchedWorkspace>(),
  /** Takes one off the list. Its folder stays as it is. */
  'workspaces.forget': takes(z.strictObject({ folder: z.string().min(1).max(4096) })).gives<WorkspaceList>(),

  'workspace.info': takes(nothing).gives<WorkspaceInfo>(),
  /** MISP's settings by name, `enabled_triggers` and `enabled_modules`. */
  'workspace.settings': takes(nothing).gives<MispSettings>(),
  /** Changes those that are given. SETTING_INVALID names what is none of MISP's; nothing is changed then. */
  'workspace.set': takes(z.strictObject({ settings: map })).gives<MispSettings>(),

  // Which MISP the workspace, a workflow or a source of posts is treated as.
  'profiles.list': takes(nothing).gives<ProfilesState>(),
  /** Null, of a workflow or a source: none of its own any more. PROFILE_UNKNOWN. */
  'profiles.choose': takes(
    z.strictObject({
      for: z.union([
        z.literal('workspace'),
        z.strictObject({ workflowId: id }),
        z.strictObject({ source: z.string().max(1000) })
      ]),
      profile: z.string().min(1).max(60).nullable()
    })
  ).gives<ProfilesState>(),
  // What came with the workspace or an import and would send, open, delete or run something: off until a person allows it.
  'trust.list': takes(nothing).gives<TrustState>(),
  /** TRUST_CHANGED when one of them is not there as it was shown; nothing is allowed then. */
  'trust.allow': takes(trustChoices).gives<TrustState>(),
  /** Off for good, as far as it stays the same. */
  'trust.decline': takes(trustChoices).gives<TrustState>()
} as const
