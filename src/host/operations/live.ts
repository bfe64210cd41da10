import type { ConnectionTest, LiveSettings } from '../../contract/effects.ts'
import type { JsonMap } from '../../contract/json.ts'
import type { EffectAnswer } from '../../contract/run.ts'
import { AddressGuard } from '../ports/guard.ts'
import { performHttp } from '../ports/http.ts'
import { liveConfigOf, liveSettingsOf, smtpKey } from '../ports/live-config.ts'
import type { LiveConfig } from '../ports/live-config.ts'
import { testMail } from '../ports/mail.ts'
import { testModules } from '../ports/misp-modules.ts'
import { ZmqPublisher } from '../ports/zmq.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type LiveOperations = 'live.settings' | 'live.configure' | 'live.test' | 'keys.list' | 'keys.delete'

export const liveHandlers = ({ workspace, keys, emit }: Services): Handlers<LiveOperations> => {
  const settings = async (): Promise<LiveSettings> =>
    liveSettingsOf(workspace.settings, (await keys.get(smtpKey)) !== null)
  return {
    'live.settings': settings,
    'live.configure': async ({ http, smtp, zmq, mispModules }) => {
      const { password, ...mail } = smtp ?? {}
      if (password !== undefined) {
        if (password === '') await keys.delete(smtpKey)
        else await keys.set(smtpKey, password)
      }
      const known = (workspace.settings.live ?? {}) as { readonly [part: string]: JsonMap | undefined }
      const live = {
        http: { ...known.http, ...http },
        smtp: { ...known.smtp, ...mail },
        zmq: { ...known.zmq, ...zmq },
        mispModules: { ...known.mispModules, ...mispModules }
      }
      await workspace.saveSettings({ live } as unknown as JsonMap)
      emit('workspace.changed', workspace.info())
      return settings()
    },
    'live.test': async ({ kind, url }) => {
      const config = liveConfigOf(workspace.settings, await keys.get(smtpKey))
      const startedAt = performance.now()
      const result = await test(kind, url, config)
      return { ...result, ms: Math.round(performance.now() - startedAt) }
    },
    'keys.list': async () => ({ names: await keys.names(), kept: keys.kept }),
    'keys.delete': async ({ name }) => ({ deleted: await keys.delete(name) })
  }
}

type Tested = Omit<ConnectionTest, 'ms'>

async function test(
  kind: 'http' | 'mail' | 'zmq' | 'misp-modules',
  url: string | undefined,
  config: LiveConfig
): Promise<Tested> {
  switch (kind) {
    case 'http':
      return testHttp(url ?? '', config)
    case 'mail':
      return said(await testMail(config.smtp), `${config.smtp.host}:${config.smtp.port} greets.`)
    case 'zmq':
      return testZmq(config)
    case 'misp-modules':
      return testModules(url ?? config.mispModules.Enrichment)
  }
}

const said = (answer: EffectAnswer, fine: string): Tested =>
  'failure' in answer ? { ok: false, message: answer.message } : { ok: true, message: fine }

async function testHttp(url: string, config: LiveConfig): Promise<Tested> {
  const effect = { kind: 'http', method: 'HEAD', url, headers: [['User-Agent', 'Retrace']], body: '' } as const
  const guard = new AddressGuard(config.http)
  const answer = await performHttp(effect, { guard, timeoutSeconds: Math.min(10, config.http.timeoutSeconds) })
  return said(answer, `The server answers${'status' in answer ? ` with status ${answer.status}` : ''}.`)
}

async function testZmq({ zmq }: LiveConfig): Promise<Tested> {
  const publisher = new ZmqPublisher()
  try {
    await publisher.bind(zmq)
    const heard = await publisher.hasSubscriber(1500)
    return {
      ok: true,
      message: `${publisher.address} is free${heard ? ' and has a subscriber' : '; nobody subscribes yet'}.`
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const own = /in use/.test(reason) ? ' (a live run of this Retrace may publish there)' : ''
    return { ok: false, message: `tcp://${zmq.host}:${zmq.port}: ${reason}${own}.` }
  } finally {
    publisher.close()
  }
}
