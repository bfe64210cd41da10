// Shapes of what a run kept of modules that are not MISP's. They may come from elsewhere: they are data that the engine is given.
import { z } from 'zod'

const text = z.string()
const json = z.unknown()
/** PHP's empty map is a list. */
export const phpMap = z.union([z.record(text, json), z.array(json).max(0)])
const flag = z.boolean()

const place = z.int().min(0)
const recordedChange: z.ZodType = z.lazy(() =>
  z.union([
    z.literal(0),
    z.tuple([json]),
    z.strictObject({
      list: z.array(z.union([z.tuple([json]), z.tuple([place, place]), z.tuple([place, z.literal(0), recordedChange])]))
    }),
    z.strictObject({
      at: z.array(z.tuple([text, recordedChange])).optional(),
      gone: z.array(text).optional(),
      more: z.array(z.tuple([text, json])).optional()
    })
  ])
)

const act = z.union([
  z.tuple([z.literal('params')]),
  z.tuple([z.literal('ask'), z.looseObject({ kind: text })]),
  z.tuple([z.literal('render'), json, text]),
  z.tuple([z.literal('render'), json, text, json]),
  z.tuple([z.literal('data'), z.union([z.record(text, json), z.array(json)])]),
  z.tuple([z.literal('set'), recordedChange]),
  z.tuple([z.literal('error'), json]),
  z.tuple([z.literal('key'), text, json]),
  z.tuple([z.literal('note'), text, text]),
  z.tuple([z.literal('return'), flag]),
  z.tuple([z.literal('throw'), text, text, flag, text.nullable()]),
  z.tuple([z.literal('cannot tell'), text, text])
])

const definition = z.looseObject({
  ...{ id: text, module_type: z.enum(['action', 'logic']), name: text, version: text, description: text },
  ...{ icon: text, icon_class: text, inputs: z.number(), outputs: z.number() },
  ...{ blocking: flag, expect_misp_core_format: flag, support_filters: flag, multiple_output_connection: flag },
  ...{ is_misp_module: flag, is_custom: flag, saved_filters: z.array(json) },
  params: z.array(z.looseObject({ id: text, type: text })),
  extra: phpMap.optional()
})

export const recordedModule = z.object({ definition, source: text.nullable(), calls: z.array(z.array(act)) })
