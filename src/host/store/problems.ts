// What is wrong with a workspace, for people: the first of each kind one by one, and how many more there are. A folder of a hundred thousand
// broken files must not become a list of as many.
import type { WorkspaceProblem } from '../../contract/workspace.ts'
import { plural } from '../../contract/words.ts'

const mostOfKind = 20
const mostKinds = 50
const mostChars = 2000

export class Problems {
  readonly list: WorkspaceProblem[] = []
  private readonly kinds = new Map<string, { count: number; rest: number | null }>()

  /** Returns what there is to tell: the problem, or how many of its kind are not listed. */
  add(problem: WorkspaceProblem): WorkspaceProblem {
    const { code, message } = problem
    const folder = problem.file.split(/[/\\]/)[0] ?? ''
    const known = this.kinds.size < mostKinds || this.kinds.has(`${code} ${folder}`)
    const file = known ? folder : 'others'
    const kind = this.kinds.get(`${code} ${file}`) ?? { count: 0, rest: null }
    this.kinds.set(`${code} ${file}`, kind)
    if (++kind.count <= mostOfKind) {
      const listed = { ...problem, message: message.length > mostChars ? `${message.slice(0, mostChars)}…` : message }
      this.list.push(listed)
      return listed
    }
    const more = kind.count - mostOfKind
    const rest: WorkspaceProblem = {
      ...{ file, code, keptAs: null, more },
      message: `${plural(more, 'more problem')} of this kind in ${file}.`
    }
    if (kind.rest === null) kind.rest = this.list.push(rest) - 1
    else this.list[kind.rest] = rest
    return rest
  }
}
