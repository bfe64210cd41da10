// Tags that name other templates: misp-modules gives its environment no loader, so all of them fail where they run.
import type { Expression, IncludeNode } from '../syntax/ast.ts'
import { truth, undefinedError } from '../python/compare.ts'
import type { Frame, St } from './frame.ts'
import { compileExpression } from './expression.ts'
import { PyError, typeError } from '../python/errors.ts'
import { tryIterate, trySize } from '../python/iterate.ts'
import { Undefined, textOf, typeName } from '../python/values.ts'

function noLoader(): PyError {
  return typeError('no loader for this environment specified')
}

/** extends, import, from: the name is computed, then there is no loader to find it with. */
export function compileLoad(template: Expression, line: number, frame: Frame): St {
  const name = compileExpression(template, frame)
  return (a) => {
    a.line = line
    name(a)
    throw noLoader()
  }
}

export function compileInclude(node: IncludeNode, frame: Frame): St {
  const template = compileExpression(node.template, frame)
  const list = node.template.kind === 'tuple' || node.template.kind === 'list'
  const { line, ignoreMissing } = node
  return (a) => {
    a.line = line
    const value = template(a)
    if (!list && (textOf(value) !== undefined || value instanceof Undefined)) throw noLoader()
    if (value instanceof Undefined) throw undefinedError(value)
    if (truth(value)) {
      if (tryIterate(value) === undefined) throw typeError(`'${typeName(value)}' object is not iterable`)
      if (trySize(value) !== 0) throw noLoader()
    }
    if (!ignoreMissing) {
      throw new PyError('TemplatesNotFound', 'Tried to select from an empty list of templates')
    }
  }
}
