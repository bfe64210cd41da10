// No regular expression of src/ may take time that grows with the square of a text: neither by going back (`Trade`, `Self`) nor by beginning
// anew at each character of a run that does not match in the end (`Move`). Where one is flagged, write it without the ambiguity (end a run
// where the next part begins, look behind so that nothing begins within a run), or scan by hand.
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))
// A checkout whose packages are older than its lock file has no scslre.
const scslre = await import('scslre').catch(() => null)

/** Files with expressions that are made of parts, and so not read by this test: each is looked after in the way that is named. */
const built: Readonly<Record<string, string>> = {
  'wrap.ts': 'only splits, where each attempt begins behind the last one',
  'filters-web.ts': 'anchored; runs end where the next part begins',
  'filters-text.ts': 'only splits by a run',
  'lexer.ts': 'sticky, or begin with a sign that their runs do not hold',
  'numbers.ts': 'anchored; runs end at an underscore',
  'text.ts': 'runs of one class, anchored at the begin',
  'char-set.ts': 'of one character',
  'attribute-validation.ts': 'words, anchored',
  'tag-replacement.ts': 'begins at the begin of a word',
  'read-module.ts': 'begins with a name',
  'data-sets.ts': 'begins with a name; the run ends at a quote',
  'misp-completion.ts': 'begins with a name; the run is bounded'
}

interface Found {
  readonly file: string
  readonly literals: readonly string[]
  readonly isBuilt: boolean
}

function expressionsIn(file: string): Found {
  const literals: string[] = []
  let isBuilt = false
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) literals.push((node as ts.RegularExpressionLiteral).text)
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'RegExp')
      isBuilt = true
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.Latest))
  return { file: file.replaceAll('\\', '/'), literals, isBuilt }
}

const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map(expressionsIn)

function slow(literal: string): string[] {
  const end = literal.lastIndexOf('/')
  const [source, flags] = [literal.slice(1, end), literal.slice(end + 1)]
  const reportTypes = { Trade: true, Self: true, Move: !flags.includes('y') }
  return scslre!.analyse({ source, flags }, { reportTypes }).reports.map(({ type }) => type)
}

describe('regular expressions', () => {
  it.skipIf(scslre === null)('take time in proportion to the text', () => {
    const bad = found.flatMap(({ file, literals }) =>
      literals.flatMap((literal) => slow(literal).map((type) => `${file}: ${type}: ${literal}`))
    )
    expect(bad).toEqual([])
  })
  it('are made of parts only where somebody has looked after it', () => {
    expect(
      found
        .filter(({ isBuilt }) => isBuilt)
        .map(({ file }) => basename(file))
        .sort()
    ).toEqual(Object.keys(built).sort())
  })
})
