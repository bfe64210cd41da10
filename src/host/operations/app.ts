import { CodedError } from '../../contract/errors.ts'
import type { JsonMap } from '../../contract/json.ts'
import { nameSettings, parseMispSettings } from '../../contract/misp-settings.ts'
import { parseTemplateLimits } from '../../engine/jinja/limit-settings.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type AppOperations =
  | 'app.info'
  | 'app.openedFiles'
  | 'workspace.info'
  | 'workspace.settings'
  | 'workspace.set'
  | 'template.limits'
  | 'template.setLimits'

export const appHandlers = ({ app, opened, workspace, trust, emit }: Services): Handlers<AppOperations> => ({
  'app.info': () => ({ ...app, workspace: workspace.info() }),
  'app.openedFiles': () => opened.take(),
  'workspace.info': () => workspace.info(),
  'workspace.settings': () => workspace.settings,
  'workspace.set': async ({ settings: given }) => {
    workspace.assertWritable()
    const { settings, unknown } = parseMispSettings(given)
    if (unknown.length > 0)
      throw new CodedError('SETTING_INVALID', `Not MISP settings: ${nameSettings(unknown)}.`, {
        place: unknown[0]?.slice(0, 200) ?? ''
      })
    await trust.change({ misp: settings })
    emit('workspace.changed', workspace.info())
    return workspace.settings
  },
  'template.limits': () => ({ limits: (trust.settings.own.templateLimits ?? {}) as JsonMap }),
  'template.setLimits': async ({ limits: given }) => {
    workspace.assertWritable()
    const limits = parseTemplateLimits(given)
    await trust.change({ own: { templateLimits: { ...limits } } })
    emit('workspace.changed', workspace.info())
    return { limits: limits as JsonMap }
  }
})
