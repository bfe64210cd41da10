import { limitsSetting, parseTemplateLimits } from '../../engine/jinja/limit-settings.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

export const appHandlers = ({
  app,
  workspace,
  emit
}: Services): Handlers<'app.info' | 'workspace.info' | 'workspace.settings' | 'workspace.set'> => ({
  'app.info': () => ({ ...app, workspace: workspace.info() }),
  'workspace.info': () => workspace.info(),
  'workspace.settings': () => workspace.settings,
  'workspace.set': async ({ settings }) => {
    parseTemplateLimits(settings[limitsSetting])
    const saved = await workspace.saveSettings(settings)
    emit('workspace.changed', workspace.info())
    return saved
  }
})
