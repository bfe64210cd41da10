// Statements become closures; a template becomes one function from data to text.
import { descendants, type BlockNode, type Expression, type Statement } from '../syntax/ast.ts'
import { truth } from '../python/compare.ts'
import { checkShape } from './shape.ts'
import { Frame, entry, runAll, slotReader, type Ex, type Compiler, type Shared, type St } from './frame.ts'
import { compileExpression } from './expression.ts'
import { compileFor } from './loop.ts'
import { compileInclude, compileLoad } from './load.ts'
import { compileCallBlock, compileMacro } from './macro.ts'
import { compileTarget } from './target.ts'
import { PyError, assertionError } from '../python/errors.ts'
import { tick } from '../python/limits.ts'
import { TemplateReference } from '../runtime/objects.ts'
import { escapeValue } from '../python/operators.ts'
import { str, textRepr } from '../python/repr.ts'
import { Activation, Context, MISSING, Output, inFrames, type BlockBody } from '../runtime/runtime.ts'
import { FunctionScope, Symbols, analyze, analyzeAll, analyzeWith, undeclared } from './symbols.ts'
import { isObject, typeName, type Py, type PyDict } from '../python/values.ts'
import { compileBlock, compileBlockUse } from './block.ts'
import { compileAssignBlock, compileFilterBlock } from './buffered.ts'

/** A template ready to run. */
export type Program = (data: PyDict, globals: ReadonlyMap<string, Py>) => string

function compileBody(body: readonly Statement[], frame: Frame): St {
  const steps = body.flatMap((statement) => compileStatement(statement, frame))
  if (steps.length === 1) return steps[0] as St
  return (a) => runAll(steps, a)
}

const compiler: Compiler = { body: compileBody }

function compileStatement(node: Statement, frame: Frame): St[] {
  tick()
  switch (node.kind) {
    case 'output':
      return node.nodes.map((child) => compileOutput(child, frame))
    case 'for':
      return [compileFor(node, frame, compiler)]
    case 'if':
      return [compileIf(node, frame)]
    case 'macro':
      return [compileMacro(node, frame, compiler)]
    case 'callblock':
      return [compileCallBlock(node, frame, compiler)]
    case 'filterblock':
      return [compileFilterBlock(node, frame, compiler)]
    case 'with':
      return [compileWith(node, frame)]
    case 'block':
      return [compileBlockUse(node, frame)]
    case 'extends':
      if (!frame.toplevel) throw assertionError('cannot use extend from a non top-level scope', node.line)
      return [compileLoad(node.template, node.line, frame)]
    case 'include':
      return [compileInclude(node, frame)]
    case 'import':
      return [compileLoad(node.template, node.line, frame)]
    case 'assign':
      return [compileAssign(node, frame)]
    case 'assignblock':
      return [compileAssignBlock(node, frame, compiler)]
    case 'autoescape':
      return [compileAutoescape(node, frame)]
  }
}

// Jinja computes constants while compiling, where a slice of something that has none is undefined; what fails even so is
// computed again at run time, where it is an error.
function compilePrinted(node: Expression, frame: Frame): Ex {
  const { constant } = checkShape(node, node.line)
  const value = compileExpression(node, frame)
  if (!constant || ![...descendants([node])].some(({ kind }) => kind === 'slice')) return value
  frame.shared.folding = true
  const folded = compileExpression(node, frame)
  frame.shared.folding = false
  return (a) => {
    try {
      return folded(a)
    } catch (error) {
      if (error instanceof PyError) return value(a)
      throw error
    }
  }
}

function compileOutput(node: Expression, frame: Frame): St {
  if (node.kind === 'data') {
    const { text } = node
    return (a) => a.output.push(text)
  }
  const value = compilePrinted(node, frame)
  const { line } = node
  const { escaping } = frame.shared
  if (escaping === false) {
    return (a) => {
      a.line = line
      const result = value(a)
      a.output.push(typeof result === 'string' ? result : str(result))
    }
  }
  return (a) => {
    a.line = line
    const result = value(a)
    a.output.push(escaping === true || a.context.autoescape ? escapeValue(result).text : str(result))
  }
}

function compileIf(node: Extract<Statement, { kind: 'if' }>, outer: Frame): St {
  const frame = outer.softened()
  const branches = [node, ...node.elifs].map((branch) => {
    checkShape(branch.test, branch.line)
    return {
      test: compileExpression(branch.test, frame),
      body: compileBody(branch.body, frame),
      line: branch.line
    }
  })
  const otherwise = node.otherwise.length === 0 ? null : compileBody(node.otherwise, frame)
  return (a) => {
    for (const { test, body, line } of branches) {
      a.line = line
      if (truth(test(a))) {
        body(a)
        return
      }
    }
    if (otherwise !== null) otherwise(a)
  }
}

function compileWith(node: Extract<Statement, { kind: 'with' }>, outer: Frame): St {
  const frame = outer.inner()
  analyzeWith(node, frame.symbols)
  const enter = entry(frame)
  const pairs = node.targets.map((target, index) => ({
    assign: compileTarget(target, frame),
    value: compileExpression(node.values[index] as Expression, outer)
  }))
  const body = compileBody(node.body, frame)
  return (a) => {
    enter?.(a)
    for (const { assign, value } of pairs) assign(a, value(a))
    body(a)
  }
}

function compileAssign(node: Extract<Statement, { kind: 'assign' }>, frame: Frame): St {
  checkShape(node.node, node.line)
  const value = compileExpression(node.node, frame)
  const assign = compileTarget(node.target, frame, { checkNamespace: true })
  const { line } = node
  const check = namespaceCheck(node.target, frame)
  return (a) => {
    a.line = line
    check(a)
    assign(a, value(a))
  }
}

// Jinja looks at all namespaces of the target before it computes the value.
function namespaceCheck(target: Expression, frame: Frame): St {
  const reads = [...descendants([target])].flatMap((node) =>
    node.kind === 'nsref' ? [slotReader(frame, frame.ref(node.name))] : []
  )
  if (reads.length === 0) return () => undefined
  return (a) => {
    for (const read of reads) {
      const value = read(a)
      if (value === MISSING || !isObject(value) || typeName(value) !== 'Namespace') {
        throw new PyError('TemplateRuntimeError', 'cannot assign attribute on non-namespace object')
      }
    }
  }
}

function compileAutoescape(node: Extract<Statement, { kind: 'autoescape' }>, outer: Frame): St {
  const frame = outer.inner()
  analyze(node.value, frame.symbols)
  analyzeAll(node.body, frame.symbols)
  const enter = entry(frame)
  const value = compileExpression(node.value, frame)
  const { shared } = frame
  const before = shared.escaping
  shared.escaping = node.value.kind === 'const' ? truth(node.value.value) : 'volatile'
  const body = compileBody(node.body, frame)
  shared.escaping = before
  return (a) => {
    enter?.(a)
    const saved = a.context.autoescape
    a.context.autoescape = truth(value(a))
    body(a)
    a.context.autoescape = saved
  }
}

/** Compiles a parsed template; throws TemplateAssertionError and what Python's own compiler would refuse. */
export function compileTemplateBody(statements: readonly Statement[]): Program {
  const blocks = new Map<string, BlockNode>()
  for (const node of descendants(statements)) {
    if (node.kind !== 'block') continue
    if (blocks.has(node.name)) throw assertionError(`block ${textRepr(node.name)} defined twice`, node.line)
    blocks.set(node.name, node)
  }
  const shared: Shared = { blocks, escaping: false, folding: false }
  const symbols = new Symbols(null, new FunctionScope(null))
  const self = undeclared(statements, ['self']).has('self') ? symbols.declare('self').slot : -1
  analyzeAll(statements, symbols)
  const frame = new Frame(symbols, shared, { toplevel: true })
  const enter = entry(frame)
  const body = compileBody(statements, frame)
  const bodies = new Map<string, BlockBody>()
  for (const [name, node] of blocks) bodies.set(name, compileBlock(node, shared, compiler))
  return (data, globals) => {
    const output = new Output()
    const context = new Context(data, globals, bodies)
    const a = new Activation(symbols.scope.size, null, context, output, 1)
    inFrames(3, a, () => {
      if (self >= 0) a.slots[self] = new TemplateReference(a)
      enter?.(a)
      body(a)
    })
    return output.text()
  }
}
