import { CodedError } from '../../contract/errors.ts'
import type { ConnectionTest, LiveSettings } from '../../contract/effects.ts'
import type { EffectAnswer } from '../../contract/run.ts'
import { AddressGuard } from '../ports/guard.ts'
import { performHttp } from '../ports/http.ts'
import { inPlainWords } from '../ports/net-failure.ts'
import { liveConfigOf, liveSettingsOf, mailPasswords } from '../ports/live-config.ts'
import type { LiveConfig } from '../ports/live-config.ts'
import { testMail } from '../ports/mail.ts'
import { testModules } from '../ports/misp-modules.ts'
import { ZmqPublisher } from '../ports/zmq.ts'
import type { Handlers } from '../registry/registry.ts'
import type { Services } from './services.ts'

type LiveOperations = 'live.settings' | 'live.configure' | 'live.test' | 'keys.list' | 'keys.delete'

export const liveHandlers = ({ workspace, trust, keys, emit }: Services): Handlers<LiveOperations> => {
  const passwords = mailPasswords(keys, workspace.folder)
  const settings = async (): Promise<LiveSettings> =>
    liveSettingsOf(trust.settings, (await passwords.of(trust.settings)) !== null)
  return {
    'live.settings': settings,
    'live.configure': async ({ http, smtp, zmq, mispModules }) => {
      workspace.assertWritable()
      const service = mispModules?.url ?? ''
      if (service !== '' && !/^https?:$/.test(URL.canParse(service) ? new URL(service).protocol : ''))
        throw new CodedError('PARAMS_INVALID', `“${service}” is not an http:// or https:// address.`)
      const { password, ...mail } = smtp ?? {}
      const shown = await settings()
      const [holds, inFile] = [trust.settings.own.live ?? {}, workspace.ownInFile.live ?? {}]
      const live = {
        http: saved({ shown: shown.http, holds: holds.http, change: http, inFile: inFile.http }),
        smtp: saved({ shown: shown.smtp, holds: holds.smtp, change: mail, inFile: inFile.smtp }),
        zmq: saved({ shown: shown.zmq, holds: holds.zmq, change: zmq, inFile: inFile.zmq }),
        mispModules: saved({
          ...{ shown: shown.mispModules, holds: holds.mispModules },
          ...{ change: mispModules, inFile: inFile.mispModules }
        })
      }
      await trust.change({ own: { live } })
      if (password !== undefined) await passwords.keep(trust.settings, password)
      emit('workspace.changed', workspace.info())
      return settings()
    },
    'live.test': async ({ kind, url }) => {
      const config = liveConfigOf(trust.settings, await passwords.of(trust.settings))
      const startedAt = performance.now()
      const result = await test(kind, url, config)
      return { ...result, ms: Math.round(performance.now() - startedAt) }
    },
    'keys.list': async () => ({ names: await keys.names(), kept: keys.kept }),
    'keys.delete': async ({ name }) => ({ deleted: await keys.delete(name) })
  }
}

/**
 * A part with what a person changed of what is shown to them. One that they left as it is shown stays in the file as it is, allowed or not.
 */
function saved<T extends object>(parts: {
  readonly shown: object
  readonly holds: T | undefined
  readonly change: T | undefined
  readonly inFile: T | undefined
}): T {
  const { shown, holds, change = {}, inFile } = parts
  const isNew = ([name, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify((shown as Record<string, unknown>)[name])
  const touched = Object.fromEntries(Object.entries(change).filter(isNew))
  return { ...(Object.keys(touched).length === 0 ? inFile : { ...holds, ...touched }) } as T
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
      return said(await testMail(config.smtp), `${config.smtp.host}:${config.smtp.port} responds.`)
    case 'zmq':
      return testZmq(config)
    case 'misp-modules':
      return testModules(url ?? config.mispModules.Enrichment)
  }
}

const said = (answer: EffectAnswer, fine: string): Tested =>
  'failure' in answer
    ? { ok: false, message: inPlainWords(answer.message), ...(answer.code ? { code: answer.code } : {}) }
    : { ok: true, message: fine }

async function testHttp(url: string, config: LiveConfig): Promise<Tested> {
  const effect = { kind: 'http', method: 'HEAD', url, headers: [['User-Agent', 'Retrace']], body: '' } as const
  const guard = new AddressGuard(config.http)
  const answer = await performHttp(effect, { guard, timeoutSeconds: Math.min(10, config.http.timeoutSeconds) })
  return said(answer, `The server responds${'status' in answer ? ` with status ${answer.status}` : ''}.`)
}

async function testZmq({ zmq }: LiveConfig): Promise<Tested> {
  const publisher = new ZmqPublisher()
  try {
    await publisher.bind(zmq)
    const heard = await publisher.hasSubscriber(1500)
    return {
      ok: true,
      message: `${publisher.address} is free${heard ? ' and has a subscriber' : '; no subscriber yet'}.`
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const own = isTaken ? ' (a live run of this Retrace may publish there)' : ''
    return { ok: false, message: `tcp://${zmq.host}:${zmq.port}: ${reason}${own}.` }
  } finally {
    publisher.close()
  }
}
