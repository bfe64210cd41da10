// The file that a new custom module starts as. MISP's counterpart is a PHP class in app/Lib/WorkflowModules, or a Python module.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../../contract/errors.ts'
import { customModuleId } from '../../contract/modules.ts'
import { findResource } from '../resources.ts'
import { isThereSync, writeAtomic } from '../store/files.ts'

export interface NewModule {
  readonly id: string
  readonly kind: 'action' | 'logic'
  readonly language: 'ts' | 'js'
}

const bodies = {
  action: `    const title = ctx.getData().Event?.info ?? ''
    ctx.log(\`\${ctx.params.text}: \${title}\`)
    return true`,
  logic: `    const attributes = await ctx.extract('Event._AttributeFlattened.{n}.value')
    return attributes.includes(ctx.params.text)`
}

const meanings = {
  action: 'True continues; false means that the node failed.',
  logic: 'True takes the first output, false the second.'
}

const sentences = {
  action: 'Writes "${params.text}" and the title into the log.',
  logic: 'Is "${params.text}" a value?'
}

function moduleText({ id, kind, language }: NewModule): string {
  const name = id.replace(/[-_]+/g, ' ').replace(/^./, (first) => first.toUpperCase())
  const head = language === 'ts' ? "import { defineModule } from 'retrace-module'\n\n" : ''
  return `${head}// What is there: retrace-module.d.ts beside this file, and docs/custom-modules.md.
export default defineModule({
  kind: '${kind}',
  id: '${id}',
  name: '${name}',
  version: '0.1',
  description: 'What this module does.',
  params: [{ id: 'text', label: 'Text', type: 'input', default: '' }],
  explain: ({ params }) => \`${sentences[kind]}\`,
  /** ${meanings[kind]} */
  async execute(ctx) {
${bodies[kind]}
  }
})
`
}

const typesFile = 'retrace-module.d.ts'

export interface WrittenModule {
  /** The module's own comes first. */
  readonly files: readonly string[]
  /** Of the text that was written, whatever the file holds by now. */
  readonly sha256: string
}

/** Writes a module to start from, and the types for the editor where they are not there yet. Throws PARAMS_INVALID, FILE_EXISTS. */
export async function writeModule(folder: string, module: NewModule): Promise<WrittenModule> {
  if (!customModuleId.test(module.id))
    throw new CodedError(
      'PARAMS_INVALID',
      `“${module.id}” is not a valid module ID: use lowercase letters, digits, _ and -.`,
      { place: 'id' }
    )
  const file = `${module.id}.${module.language}`
  if (isThereSync(join(folder, file))) throw new CodedError('FILE_EXISTS', `${file} already exists.`, { file })
  const text = moduleText(module)
  const sha256 = createHash('sha256').update(text).digest('hex')
  await writeAtomic(join(folder, file), text)
  const types = isThereSync(join(folder, typesFile)) ? null : findResource('module-types', typesFile)
  if (types === null) return { files: [file], sha256 }
  await writeAtomic(join(folder, typesFile), await readFile(types, 'utf8'))
  return { files: [file, typesFile], sha256 }
}
