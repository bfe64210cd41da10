import { encodeJson } from '../../../php/encode.ts'
import type { Execute } from '../../context.ts'
import type { WebRequest } from '../../shared/http.ts'
import { executeOldWebhook, executeWebhook } from '../webhook/execute.ts'

/**
 * Module_ms_teams_webhook: the data as a text in `text`, posted without headers. Its `data_extraction_path` is shown in the
 * editor and never read.
 */
const asText = ({ url, contentType, data }: WebRequest): WebRequest => ({
  url,
  contentType,
  data: { text: encodeJson(data) }
})

export const execute: Execute = (ctx) => executeWebhook(ctx, asText)

const executeOld: Execute = (ctx) => executeOldWebhook(ctx, asText)
export const versions = { '2.4.177': { execute: executeOld } }
