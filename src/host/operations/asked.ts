// What a command line says beside a workspace, or instead of one: it holds for that command alone, and is never kept.
import type { Json, JsonMap } from '../../contract/json.ts'
import { mergeSettings, parseMispSettings } from '../../contract/misp-settings.ts'
import type { Limits } from '../../engine/jinja/python/limits.ts'
import { liveConfigOf } from '../ports/live-config.ts'
import type { Settings } from '../trust/parts.ts'
import type { Refs } from '../worker/thread/protocol.ts'

export interface Asked {
  /** Hosts that live requests may reach although they are private. */
  readonly allow: readonly string[]
  /** A terminal has no key store: the password of mails comes with the command. */
  readonly smtpPassword?: string
  /** MISP's settings: where live services are. */
  readonly settings?: JsonMap
  readonly world?: JsonMap
  /** Of templates. */
  readonly limits?: Partial<Limits>
  /** Recorded answers, as a file of them holds them. */
  readonly answers?: Json
  /** A folder of custom modules: naming it switches them on. */
  readonly modules?: string
}

/** The refs of an operation with what was asked for on top. `settings`: of the workspace, as they hold. */
export function withAsked(refs: Refs, asked: Asked, { misp, own }: Settings): Refs {
  const { allow, smtpPassword, settings, world, limits, answers, modules } = asked
  const http = { ...own.live?.http, allow: [...(own.live?.http?.allow ?? []), ...allow] }
  const source = {
    misp: mergeSettings(misp, parseMispSettings(settings).settings),
    own: { live: { ...own.live, http } }
  }
  return {
    ...refs,
    ...(refs.live ? { live: liveConfigOf(source, smtpPassword ?? refs.live.smtp.password) } : {}),
    ...(world ? { world } : {}),
    ...(limits ? { limits: { ...refs.limits, ...limits } } : {}),
    ...(answers === undefined ? {} : { answers }),
    ...(modules === undefined ? {} : { customModules: { folder: modules, on: 'all' as const } })
  }
}
