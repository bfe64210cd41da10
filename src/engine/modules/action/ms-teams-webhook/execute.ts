import { encodeJson } from '../../../php/encode.ts'
import type { Execute } from '../../context.ts'
import { executeWebhook } from '../webhook/execute.ts'

/**
 * Module_ms_teams_webhook: the data as a text in `text`, posted without headers. Its `data_extraction_path` is shown in the
 * editor and never read.
 */
export const execute: Execute = (ctx) =>
  executeWebhook(ctx, ({ url, contentType, data }) => ({ url, contentType, data: { text: encodeJson(data) } }))
