// The table of errors: codes and meanings from the definitions, in their order; what to do is written in the page itself and stays.
import { errorTable } from '../../src/contract/errors.ts'
import type { ErrorCode } from '../../src/contract/errors.ts'
import { statusOfError } from '../../src/cli/index.ts'
import { and, code } from './markdown.ts'

const codes = Object.keys(errorTable) as ErrorCode[]
const rows = /^\| `([A-Z_]+)` \|(.*)\|$/gm

function statuses(): string {
  const usual = 3
  const others = [...new Set(codes.map(statusOfError))]
    .filter((status) => status !== usual)
    .sort((a, b) => b - a)
    .map((status) => {
      const list = codes.filter((name) => statusOfError(name) === status)
      return `${and(list.map(code))} end${list.length === 1 ? 's' : ''} it with ${status}`
    })
  return `${others.join('; ')}; every other code with ${usual}.`
}

/** The page with its table and its last line as the definitions have them. */
export function errorPage(page: string): string {
  const advice = new Map(
    [...page.matchAll(rows)].map(([, name = '', rest = '']) => [
      name,
      /\| ?([^|]*(?:\\\|[^|]*)*)$/.exec(rest)?.[1]?.trim() ?? ''
    ])
  )
  const table = codes.map((name) => `| \`${name}\` | ${errorTable[name]} | ${advice.get(name) ?? ''} |`).join('\n')
  const start = page.indexOf('| `')
  const end = page.lastIndexOf('\n| `')
  const after = page.slice(page.indexOf('\n', end + 1) + 1)
  return `${page.slice(0, start)}${table}\n${after.replace(/(?<=## Exit status\n\n)[\s\S]*?(?=\n\n|\n$|$)/, statuses())}`
}
