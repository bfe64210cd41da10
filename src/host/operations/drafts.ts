import { join } from 'node:path'
import type { Handlers } from '../registry/registry.ts'
import { Drafts } from '../store/drafts.ts'
import { safeName } from '../store/paths.ts'
import type { Services } from './services.ts'

export const draftHandlers = ({ workspace }: Services): Handlers<'drafts.get' | 'drafts.save' | 'drafts.discard'> => {
  const drafts = new Drafts(join(workspace.folder, 'drafts'), workspace.care)
  return {
    'drafts.get': ({ workflowId }) => drafts.get(safeName(workflowId)),
    'drafts.save': async ({ workflowId, base, workflow }) => {
      workspace.assertWritable()
      return { at: await drafts.save(safeName(workflowId), base, workflow) }
    },
    'drafts.discard': async ({ workflowId }) => {
      workspace.assertWritable()
      await drafts.discard(safeName(workflowId))
      return {}
    }
  }
}
