import { plural } from '../../../contract/words.ts'
import { useAnswer } from '../../hooks/use-answer.ts'

/** Whose organisations and tags a run will meet: rows of two MISPs (or of a demonstration and one's own) do not mix by accident. */
export function WorldChoice({ fresh, change }: { fresh: boolean; change: (fresh: boolean) => void }) {
  const answer = useAnswer('world.list', {})
  const parts = answer?.ok ? answer.data : []
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  if (rows === 0) return null
  const holds = `${plural(rows, 'row')} in ${plural(parts.length, 'part')}`
  return (
    <fieldset className="fetch-what" style={{ maxWidth: 640 }}>
      <legend>Import organisations, users, tags and lists</legend>
      <label className="check">
        <input type="radio" name="world-choice" checked={!fresh} onChange={() => change(false)} />
        <span>into the current World ({holds}): rows with the same ID are replaced, all others are kept</span>
      </label>
      <label className="check">
        <input type="radio" name="world-choice" checked={fresh} onChange={() => change(true)} />
        <span>
          into a new World: the current one, including that of a demonstration, is moved to world/.deleted in the
          workspace folder
        </span>
      </label>
    </fieldset>
  )
}
