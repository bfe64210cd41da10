// No regular expression of src/ may take time that grows with the square of a text: neither by going back (`Trade`, `Self`) nor by beginning
// anew at each character of a run that does not match in the end (`Move`). Where one is flagged, write it without the ambiguity (end a run
// where the next part begins, look behind so that nothing begins within a run), or scan by hand.
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RegExpParser, visitRegExpAST, type AST } from '@eslint-community/regexpp'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))
// A checkout whose packages are older than its lock file has no scslre.
const scslre = await import('scslre').catch(() => null)

/** Files with expressions that are made of parts, and so not read by this test: each is looked after in the way that is named. */
const built: Readonly<Record<string, string>> = {
  'wrap.ts': 'only splits, where each attempt begins behind the last one',
  'web.ts': 'anchored; runs end where the next part begins',
  'lexer.ts': 'sticky, or begin with a sign that their runs do not hold',
  'numbers.ts': 'anchored; runs end at an underscore',
  // Of Python's texts and of the filters.
  'text.ts': 'runs of one class, anchored at the begin, or only splits',
  'char-set.ts': 'of one character',
  'attribute-validation.ts': 'words, anchored',
  'tag-replacement.ts': 'begins at the begin of a word',
  'read-module.ts': 'begins with a name',
  'loopback.ts': 'of bounded length, anchored',
  'log-lines.ts': 'anchored, of a prefix of 300 characters at most; digits, spaces and signs end each other’s runs',
  'misp-completion.ts': 'begins with a name; the run is bounded'
}

interface Found {
  readonly file: string
  readonly literals: readonly string[]
  readonly isBuilt: boolean
}

/** `new RegExp(…)`, and what makes one of a text: `text.match('…')`. */
function makesOne({ expression, arguments: given }: ts.NewExpression | ts.CallExpression): boolean {
  if (ts.isIdentifier(expression)) return expression.text === 'RegExp'
  if (!ts.isPropertyAccessExpression(expression)) return false
  if (expression.name.text === 'RegExp') return true
  const [first] = given ?? []
  const isText = first !== undefined && (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first))
  return isText && ['match', 'matchAll', 'search'].includes(expression.name.text)
}

function expressionsIn(file: string): Found {
  const literals: string[] = []
  let isBuilt = false
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) literals.push((node as ts.RegularExpressionLiteral).text)
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && makesOne(node)) isBuilt = true
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

type Element = AST.Element
/** The elements one after the other, groups opened. */
const flat = (elements: readonly Element[]): readonly Element[] =>
  elements.flatMap((one) =>
    (one.type === 'CapturingGroup' || one.type === 'Group') && one.alternatives.length === 1
      ? flat(one.alternatives[0]!.elements)
      : [one]
  )
const isSet = ({ type }: AST.Node): boolean =>
  type === 'Character' || type === 'CharacterSet' || type === 'CharacterClass' || type === 'ExpressionCharacterClass'
const isRun = (one: Element): one is AST.Quantifier =>
  one.type === 'Quantifier' && one.max === Infinity && isSet(one.element)

/**
 * Two runs with a text between that both hold (`(.*) x [^)]*y`): where the text comes again and again and no `y`, the second run is gone
 * through anew from each.
 */
function shared(literal: string): string[] {
  const found: string[] = []
  const { pattern, flags } = new RegExpParser().parseLiteral(literal)
  const holds = (run: AST.Quantifier, text: string): boolean =>
    new RegExp(`^(?:${run.element.raw})+$`, flags.raw.replace(/[gy]/g, '')).test(text)
  visitRegExpAST({ type: 'RegExpLiteral', raw: literal, pattern, flags } as AST.RegExpLiteral, {
    onAlternativeEnter: ({ elements: all }) => {
      const elements = flat(all)
      elements.forEach((first, i) => {
        if (!isRun(first)) return
        let [at, text] = [i + 1, '']
        for (let one = elements[at]; one?.type === 'Character'; one = elements[++at])
          text += String.fromCodePoint(one.value)
        const second = elements[at]
        if (text === '' || second === undefined || !isRun(second) || at === elements.length - 1) return
        if (holds(first, text) && holds(second, text)) found.push(`${first.raw}${text}${second.raw}`)
      })
    }
  })
  return found
}

describe('regular expressions', () => {
  it('do not go through a run anew from each place where a text in it stands', () => {
    expect(shared('/^`(.*)` \\([^)]*\\) ran/s')).toHaveLength(1)
    expect(
      found.flatMap(({ file, literals }) =>
        literals.flatMap((one) => shared(one).map((run) => `${file}: ${run}: ${one}`))
      )
    ).toEqual([])
  })
  it.skipIf(scslre === null)('take time in proportion to the text', () => {
    const bad = found.flatMap(({ file, literals }) =>
      literals.flatMap((literal) => slow(literal).map((type) => `${file}: ${type}: ${literal}`))
    )
    expect(bad).toEqual([])
  })
  it('are made of parts only where somebody has looked after it', () => {
    expect([...new Set(found.filter(({ isBuilt }) => isBuilt).map(({ file }) => basename(file)))].sort()).toEqual(
      Object.keys(built).sort()
    )
  })
})
