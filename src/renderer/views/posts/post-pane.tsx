import { useMemo, useState } from 'react'
import type { PostSummary } from '../../../contract/workspace.ts'
import { FailureState, Loading } from '../../components/empty-state.tsx'
import { formatBytes } from '../../components/format.ts'
import { toast } from '../../stores/app.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

const prettyLimit = 400_000

function pretty(text: string): string {
  if (text.length > prettyLimit) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** One post: request line, headers, body; secrets hidden until asked for. */
export function PostPane({ post }: { post: PostSummary }) {
  const [unmasked, setUnmasked] = useState(false)
  const [raw, setRaw] = useState(false)
  const answer = useAnswer('posts.get', { postId: post.id, unmasked })
  const body = useMemo(
    () => (answer?.ok ? (raw || answer.data.encoding === 'base64' ? answer.data.text : pretty(answer.data.text)) : ''),
    [answer, raw]
  )
  if (!answer) return <Loading label="Loading post" />
  if (!answer.ok) return <FailureState failure={answer.error} />
  const { method, headers, truncated, sha256, masked, encoding } = answer.data
  return (
    <section className="column" aria-label="Post">
      <div className="toolbar">
        <span className="mono ellipsis grow" title={post.target}>
          <b>{method}</b> {post.target}
        </span>
        {masked && <span className="tag derived">secrets hidden</span>}
        <button className="btn" aria-pressed={unmasked} onClick={() => setUnmasked(!unmasked)}>
          Show secrets
        </button>
        <button className="btn" aria-pressed={raw} onClick={() => setRaw(!raw)}>
          Raw
        </button>
        <button
          className="btn"
          onClick={() => void navigator.clipboard.writeText(answer.data.text).then(() => toast('Copied'))}
        >
          Copy body
        </button>
      </div>
      <div className="scroll" tabIndex={0} aria-label="Headers and body">
        {post.reason && <div className="section">{post.reason}</div>}
        <dl className="props section mono">
          {headers.map(([name, value], i) => (
            <div key={i} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <dt className="muted">SHA-256</dt>
          <dd className="muted">{sha256}</dd>
        </dl>
        {encoding === 'base64' && <div className="banner warn">The body is not UTF-8 and is shown as Base64.</div>}
        {truncated && (
          <div className="banner info">The first part of {formatBytes(post.size)}. Open the run to see all of it.</div>
        )}
        <pre className="tree-text" style={{ margin: 0 }}>
          {body}
        </pre>
      </div>
    </section>
  )
}
