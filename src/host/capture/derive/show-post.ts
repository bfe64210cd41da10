// A post as it is shown or leaves a workspace: inflated, and with its secrets hidden.
import type { PostMeta } from '../journal/segments.ts'
import { maskPost } from '../understand/mask.ts'
import type { RawPost } from '../understand/ndjson.ts'
import { decodeBody } from '../understand/post-body.ts'

export interface ShowRequest {
  readonly show: RawPost
  /** Secrets of sources, to be hidden with all others; null hides nothing. */
  readonly secrets: readonly string[] | null
  /** The first bytes of what was sent; absent: the body as it was encoded. */
  readonly inflated?: { readonly most: number }
}

export interface ShownPost {
  readonly meta: PostMeta
  readonly body: Buffer
  /** Bytes of the whole body. */
  readonly length: number
}

export function showPost({ show, secrets, inflated }: ShowRequest): ShownPost {
  const { meta, body } = secrets === null ? show : maskPost(show, secrets)
  if (inflated === undefined) return { meta, body, length: body.length }
  const text = inflate({ meta, body })
  return { meta, body: text.subarray(0, inflated.most), length: text.length }
}

function inflate({ meta, body }: RawPost): Buffer {
  try {
    return decodeBody(meta, body)
  } catch {
    // Broken, or too large once unpacked: the bytes as they came.
    return body
  }
}
