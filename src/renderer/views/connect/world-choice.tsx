import { formatCount, plural } from '../../components/format.ts'
import { useAnswer } from '../run/use-answer.ts'

/** Whose organisations and tags a run will meet: rows of two MISPs (or of a demonstration and one's own) do not mix by accident. */
export function WorldChoice({ fresh, change }: { fresh: boolean; change: (fresh: boolean) => void }) {
  const answer = useAnswer('world.list', {})
  const parts = answer?.ok ? answer.data : []
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  if (rows === 0) return null
  const holds = `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'} in ${plural(parts.length, 'part')}`
  return (
    <fieldset className="fetch-what" style={{ maxWidth: 640 }}>
      <legend>Organisations, users, tags and lists go</legend>
      <label className="check">
        <input type="radio" name="world-choice" checked={!fresh} onChange={() => change(false)} />
        <span>into this world ({holds}): rows with the same id are replaced, the others stay</span>
      </label>
      <label className="check">
        <input type="radio" name="world-choice" checked={fresh} onChange={() => change(true)} />
        <span>
          into a new world: what is here now, a demonstration’s too, is set aside in the workspace’s folder
          world/.deleted
        </span>
      </label>
    </fieldset>
  )
}
