import { limitsSetting, parseTemplateLimits } from '../../engine/jinja/limit-settings.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

export const appHandlers = ({
  app,
  opened,
  workspace,
  emit
}: Services): Handlers<'app.info' | 'app.openedFiles' | 'workspace.info' | 'workspace.settings' | 'workspace.set'> => ({
  'app.info': () => ({ ...app, workspace: workspace.info() }),
  'app.openedFiles': () => opened.take(),
  'workspace.info': () => workspace.info(),
  'workspace.settings': () => workspace.settings,
  'workspace.set': async ({ settings }) => {
    parseTemplateLimits(settings[limitsSetting])
    const saved = await workspace.saveSettings(settings)
    emit('workspace.changed', workspace.info())
    return saved
  }
})
