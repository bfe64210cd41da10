import { sameWords, unusableWords, type TriedGroup, type TriedReport } from '../../../contract/tried.ts'

/** What became of the inputs beside those that go differently: `none` where there were none, `leftOut` of those that are no inputs. */
export function Rest({
  report,
  none,
  leftOut
}: {
  report: Omit<TriedReport<TriedGroup>, 'workflow'>
  none: string
  leftOut: string
}) {
  const { same, groups, refused } = report
  const unusable = unusableWords(report)
  if (unusable !== '') return <p className="muted">{unusable}.</p>
  return (
    <p className="muted">
      {same + groups.length === 0 ? none : same > 0 ? `${sameWords(report)}.` : ''}
      {refused > 0 && ` ${leftOut}`}
    </p>
  )
}
