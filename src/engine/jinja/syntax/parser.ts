// Statements. Returns the tree or throws TemplateSyntaxError with Jinja's words and line.
import type { Expression, FilterNode, IfNode, NameNode, Statement } from './ast.ts'
import { assertionError, syntaxError } from '../python/errors.ts'
import { ExpressionParser, markStored } from './parse-expression.ts'
import { textRepr } from '../python/repr.ts'
import { isAllSpace } from '../python/text.ts'
import { describeTest, TokenStream, type TokenTest } from './token-stream.ts'

const FRAMES_STATEMENT = 4

type ParseStatement = (parser: Parser) => Statement

class Parser extends ExpressionParser {
  readonly #tags: string[] = []
  readonly #ends: (readonly TokenTest[])[] = []

  /** Everything up to one of `ends`, which stays the current token; up to the end of the template without. */
  body(ends: readonly TokenTest[] | null): Statement[] {
    const body: Statement[] = []
    let output: Expression[] = []
    const flush = (): void => {
      if (output[0] !== undefined) body.push({ kind: 'output', nodes: output, line: output[0].line })
      output = []
    }
    if (ends !== null) this.#ends.push(ends)
    while (this.stream.current.type !== 'eof') {
      const token = this.stream.next()
      if (token.type === 'data') output.push({ kind: 'data', text: String(token.value), line: token.line })
      else if (token.type === 'variable_begin') {
        output.push(this.tuple())
        this.stream.expect('variable_end')
      } else {
        flush()
        if (ends?.some((end) => this.stream.is(end)) === true) {
          this.#ends.pop()
          return body
        }
        body.push(this.deeper(FRAMES_STATEMENT, () => this.#statement()))
        this.stream.expect('block_end')
      }
    }
    flush()
    if (ends !== null) this.#ends.pop()
    return body
  }

  #statement(): Statement {
    const token = this.stream.current
    if (token.type !== 'name') throw syntaxError('tag name expected', token.line)
    const tag = String(token.value)
    const parse = STATEMENTS.get(tag)
    if (parse === undefined) throw this.#unknownTag(tag, this.#ends, token.line)
    this.#tags.push(tag)
    const statement = parse(this)
    this.#tags.pop()
    return statement
  }

  #unknownTag(name: string | null, ends: readonly (readonly TokenTest[])[], line: number): Error {
    const words = (tests: readonly TokenTest[]): string =>
      tests.map((test) => textRepr(describeTest(test))).join(' or ')
    const looking = ends.at(-1)
    const message = [name === null ? 'Unexpected end of template.' : `Encountered unknown tag ${textRepr(name)}.`]
    if (looking !== undefined) {
      const misplaced = name !== null && ends.some((tests) => tests.some((test) => describeTest(test) === name))
      message.push(
        misplaced
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${words(looking)}.`
          : `Jinja was looking for the following tags: ${words(looking)}.`
      )
    }
    const innermost = this.#tags.at(-1)
    if (innermost !== undefined) {
      message.push(`The innermost block that needs to be closed is ${textRepr(innermost)}.`)
    }
    return syntaxError(message.join(' '), line)
  }

  /** The body of a tag: optional colon, end of the tag, statements up to `ends`. */
  statements(...ends: TokenTest[]): Statement[] {
    this.stream.skipIf('colon')
    this.stream.expect('block_end')
    const body = this.body(ends)
    if (this.stream.current.type === 'eof') {
      throw this.#unknownTag(null, [...this.#ends, ends], this.stream.current.line)
    }
    return body
  }

  closedBy(end: TokenTest): Statement[] {
    const body = this.statements(end)
    this.stream.next()
    return body
  }

  signature(): { params: NameNode[]; defaults: Expression[] } {
    const params: NameNode[] = []
    const defaults: Expression[] = []
    this.stream.expect('lparen')
    while (!this.stream.is('rparen')) {
      if (params.length > 0) this.stream.expect('comma')
      const param = this.nameTarget('param')
      if (this.stream.skipIf('assign')) defaults.push(this.expression())
      else if (defaults.length > 0) {
        throw syntaxError('non-default argument follows default argument', this.stream.current.line)
      }
      params.push(param)
    }
    this.stream.expect('rparen')
    return { params, defaults }
  }
}

const parseSet: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const target = p.target({ namespace: true })
  if (p.stream.skipIf('assign')) return { kind: 'assign', target, node: p.tuple(), line }
  const filter = p.filter(null)
  return { kind: 'assignblock', target, filter, body: p.closedBy('name:endset'), line }
}

const parseFor: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const target = p.target()
  p.stream.expect('name:in')
  const iter = p.tuple({ condition: false })
  const test = p.stream.skipIf('name:if') ? p.expression() : null
  const recursive = p.stream.skipIf('name:recursive')
  const body = p.statements('name:endfor', 'name:else')
  const otherwise = p.stream.next().value === 'endfor' ? [] : p.closedBy('name:endfor')
  return { kind: 'for', target, iter, body, otherwise, test, recursive, line }
}

const parseIf: ParseStatement = (p) => {
  const elifs: IfNode[] = []
  let otherwise: Statement[] = []
  let line = p.stream.expect('name:if').line
  let first: { test: Expression; body: Statement[]; line: number } | null = null
  for (;;) {
    const test = p.tuple({ condition: false })
    const body = p.statements('name:elif', 'name:else', 'name:endif')
    if (first === null) first = { test, body, line }
    else elifs.push({ kind: 'if', test, body, elifs: [], otherwise: [], line })
    const { value } = p.stream.next()
    if (value === 'elif') {
      line = p.stream.current.line
      continue
    }
    if (value === 'else') otherwise = p.closedBy('name:endif')
    return { kind: 'if', ...first, elifs, otherwise }
  }
}

const parseWith: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const targets: Expression[] = []
  const values: Expression[] = []
  while (!p.stream.is('block_end')) {
    if (targets.length > 0) p.stream.expect('comma')
    const target = p.target()
    markStored(target, 'param')
    targets.push(target)
    p.stream.expect('assign')
    values.push(p.expression())
  }
  return { kind: 'with', targets, values, body: p.closedBy('name:endwith'), line }
}

const parseAutoescape: ParseStatement = (p) => {
  const { line } = p.stream.next()
  return { kind: 'autoescape', value: p.expression(), body: p.closedBy('name:endautoescape'), line }
}

const parseBlock: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const { name } = p.stream.expectName()
  const scoped = p.stream.skipIf('name:scoped')
  const required = p.stream.skipIf('name:required')
  if (p.stream.is('sub')) {
    throw syntaxError(
      'Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.',
      p.stream.current.line
    )
  }
  const body = p.closedBy('name:endblock')
  if (required && !body.every(isBlank)) {
    throw syntaxError('Required blocks can only contain comments or whitespace', p.stream.current.line)
  }
  p.stream.skipIf(`name:${name}`)
  return { kind: 'block', name, body, scoped, required, line }
}

const isBlank = (statement: Statement): boolean =>
  statement.kind === 'output' && statement.nodes.every((node) => node.kind === 'data' && isAllSpace(node.text))

const parseExtends: ParseStatement = (p) => {
  const { line } = p.stream.next()
  return { kind: 'extends', template: p.expression(), line }
}

function skipContext(p: Parser): boolean {
  if (!p.stream.is('name:with') && !p.stream.is('name:without')) return false
  const ahead = p.stream.look()
  if (ahead.type !== 'name' || ahead.value !== 'context') return false
  p.stream.next()
  p.stream.next()
  return true
}

const parseInclude: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const template = p.expression()
  let ignoreMissing = false
  if (p.stream.is('name:ignore')) {
    const ahead = p.stream.look()
    if (ahead.type === 'name' && ahead.value === 'missing') {
      ignoreMissing = true
      p.stream.next()
      p.stream.next()
    }
  }
  skipContext(p)
  return { kind: 'include', template, ignoreMissing, line }
}

const parseImport: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const template = p.expression()
  p.stream.expect('name:as')
  const names = [p.nameTarget('store').name]
  skipContext(p)
  return { kind: 'import', template, names, line }
}

const parseFrom: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const template = p.expression()
  p.stream.expect('name:import')
  const names: string[] = []
  for (;;) {
    if (names.length > 0) p.stream.expect('comma')
    if (!p.stream.is('name')) p.stream.expect('name')
    if (skipContext(p)) break
    const target = p.nameTarget('store')
    if (target.name.startsWith('_')) {
      throw assertionError('names starting with an underline can not be imported', target.line)
    }
    names.push(p.stream.skipIf('name:as') ? p.nameTarget('store').name : target.name)
    if (skipContext(p) || !p.stream.is('comma')) break
  }
  return { kind: 'import', template, names, line }
}

const parseCallBlock: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const { params, defaults } = p.stream.is('lparen') ? p.signature() : { params: [], defaults: [] }
  const call = p.expression()
  if (call.kind !== 'call') throw syntaxError('expected call', line)
  return { kind: 'callblock', call, params, defaults, body: p.closedBy('name:endcall'), line }
}

const parseFilterBlock: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const filter = p.filter(null, true) as FilterNode
  return { kind: 'filterblock', filter, body: p.closedBy('name:endfilter'), line }
}

const parseMacro: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const { name } = p.nameTarget('store')
  const { params, defaults } = p.signature()
  return { kind: 'macro', name, params, defaults, body: p.closedBy('name:endmacro'), line }
}

const parsePrint: ParseStatement = (p) => {
  const { line } = p.stream.next()
  const nodes: Expression[] = []
  while (!p.stream.is('block_end')) {
    if (nodes.length > 0) p.stream.expect('comma')
    nodes.push(p.expression())
  }
  return { kind: 'output', nodes, line }
}

const STATEMENTS: ReadonlyMap<string, ParseStatement> = new Map([
  ['for', parseFor],
  ['if', parseIf],
  ['block', parseBlock],
  ['extends', parseExtends],
  ['print', parsePrint],
  ['macro', parseMacro],
  ['include', parseInclude],
  ['from', parseFrom],
  ['import', parseImport],
  ['set', parseSet],
  ['with', parseWith],
  ['autoescape', parseAutoescape],
  ['call', parseCallBlock],
  ['filter', parseFilterBlock]
])

/** The names of the tags that begin a statement. */
export const tagNames: readonly string[] = [...STATEMENTS.keys()]

/** Parses a template into its statements; throws PyError (TemplateSyntaxError and the like). */
export function parseTemplate(template: string): Statement[] {
  return new Parser(new TokenStream(template)).body(null)
}
