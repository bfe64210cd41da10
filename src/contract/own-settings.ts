// Retrace's own settings of a workspace: what sends, opens and removes. They are kept apart from MISP's (misp-settings.ts), and what somebody else wrote
// into them is off until a person allows it (host/trust).
import { isUnknownMap } from './json.ts'
import { z } from 'zod'

export const captureChange = z.strictObject({
  enabled: z.boolean().optional(),
  host: z.string().min(1).max(255).optional(),
  port: z.int().min(0).max(65535).optional(),
  sources: z
    .array(z.strictObject({ name: z.string().max(100), secret: z.string().max(200).nullable() }))
    .max(100)
    .optional(),
  maxBodyBytes: z.int().min(1024).optional(),
  forward: z.string().max(2000).nullable().optional()
})

const liveHttp = z.strictObject({
  allow: z.array(z.string().min(1).max(255)).max(1000).optional(),
  onlyAllowed: z.boolean().optional(),
  timeoutSeconds: z.number().min(0.1).max(3600).optional()
})
const liveSmtp = z.strictObject({
  host: z.string().max(255).optional(),
  port: z.int().min(1).max(65535).optional(),
  secure: z.boolean().optional(),
  selfSigned: z.boolean().optional(),
  plain: z.boolean().optional(),
  user: z.string().max(255).optional(),
  from: z.string().max(500).optional()
})
const liveParts = {
  http: liveHttp.optional(),
  zmq: z.strictObject({ host: z.string().max(255).optional(), port: z.int().min(1).max(65535).optional() }).optional(),
  mispModules: z.strictObject({ url: z.string().max(2000).optional() }).optional()
}
/** A password is given with the rest and kept elsewhere. */
export const liveChange = z.strictObject({
  ...liveParts,
  smtp: z.strictObject({ ...liveSmtp.shape, password: z.string().max(1000).optional() }).optional()
})

export const retentionRules = z.strictObject({
  maxAgeDays: z.number().min(0.01).max(36_500).nullable(),
  maxRuns: z.int().min(0).nullable(),
  maxBytes: z.int().min(0).nullable()
})

const templateLimits = z.record(z.string().max(50), z.int().min(1))

const ownSchemas = {
  capture: captureChange,
  live: z.strictObject({ ...liveParts, smtp: liveSmtp.optional() }),
  retention: z.strictObject({
    rules: retentionRules.nullable(),
    /** What ended by `until` was announced at `at` (both ISO); Retrace ran for `ranMs` since then. */
    announced: z
      .strictObject({ at: z.iso.datetime(), until: z.iso.datetime(), ranMs: z.number().min(0).optional() })
      .nullable()
  }),
  /** Limits of templates that are not the usual ones. */
  templateLimits
} as const

type OwnName = keyof typeof ownSchemas
export type OwnSettings = { readonly [N in OwnName]?: z.output<(typeof ownSchemas)[N]> }
export type LivePart = NonNullable<OwnSettings['live']>

/** What can be read of them; `broken` names the others, which count as not there. */
export function parseOwnSettings(given: unknown): { readonly own: OwnSettings; readonly broken: readonly string[] } {
  const entries = isUnknownMap(given) ? Object.entries(given) : []
  const own: Record<string, unknown> = {}
  const broken: string[] = []
  for (const [name, value] of entries) {
    const parsed = Object.hasOwn(ownSchemas, name) ? ownSchemas[name as OwnName].safeParse(value) : null
    if (parsed?.success) own[name] = parsed.data
    else broken.push(name)
  }
  return { own: own as OwnSettings, broken }
}
