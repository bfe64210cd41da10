import { plainText, type Json, type JsonMap } from '../../../contract/json.ts'
import { mergeSettings } from '../../../contract/misp-settings.ts'
import type { RunEffect } from '../../../contract/run-views.ts'
import type { EffectAnswer } from '../../../contract/run.ts'
import { CodedError } from '../../../contract/errors.ts'
import { mask } from '../../../contract/secrets.ts'
import { contactOf, methodOf, performEffect, refusalOf, targetOf } from '../../ports/live.ts'
import type { LiveConfig } from '../../ports/live-config.ts'
import { customModulesOf, listCustomModules } from '../runs/custom-modules.ts'
import { parseWorkflow } from '../../../engine/graph/parse.ts'
import { idOf } from '../../../engine/run/context.ts'
import { createRun } from '../../../engine/run/start.ts'
import { inputFrom, workflowFrom } from '../values/data-source.ts'
import { isLive } from '../effects/live-choice.ts'
import { digestOf, digestOfEffect, keepPlan, redeem } from '../effects/confirm.ts'
import { buildPlan } from '../effects/plan.ts'
import { modulesOf } from '../../../engine/modules/table.ts'
import type { Planning } from '../effects/plan.ts'
import { needsOf, switchedOff } from '../effects/needs.ts'
import { prepareEffects, publisher } from '../effects/prepare.ts'
import { asCurl, maskEffect } from '../effects/show.ts'
import { worldChangesOf } from '../effects/run-world-changes.ts'
import { longestText } from '../values/long-text.ts'
import type { Refs, WorkerHandlers } from '../thread/protocol.ts'
import type { RunBook } from '../runs/run-book.ts'
import { buildRunInput, mispOf, parseProfile } from '../runs/run-input.ts'
import { withProfile } from '../runs/profile-for.ts'
import { triggerFor } from '../runs/trigger-for.ts'
import { withWorld } from '../runs/with-world.ts'

type EffectOperations =
  | 'run.plan'
  | 'run.curl'
  | 'run.resend'
  | 'run.mail'
  | 'run.mocks'
  | 'run.worldChanges'
  | 'run.needs'
  | 'customModules.list'

const noServices = { Enrichment: 'http://127.0.0.1:6666', Action: 'http://127.0.0.1:6666' }

function requireLive({ live }: Refs): LiveConfig {
  if (!live) throw new CodedError('LIVE_NOT_CONFIRMED', 'Nothing is live here.')
  return live
}

export function effectOperations(book: RunBook): Pick<WorkerHandlers, EffectOperations> {
  const effectOf = async (runId: string, index: number, refs: Refs): Promise<RunEffect> => {
    const { effects } = (await book.open(refs.run, runId, refs.halt)).fold
    const effect = effects[index]
    if (!effect) throw new CodedError('EFFECT_NOT_FOUND', `The run has no effect ${index}; it has ${effects.length}.`)
    return effect
  }
  return {
    'run.plan': async (params, refs) => {
      const config = requireLive(refs)
      const workflow = await workflowFrom(book, params.workflow, refs)
      const effects = params.options.effects ?? {}
      if (!isLive(effects))
        throw new CodedError('PARAMS_INVALID', 'Nothing of this run is live.', { place: 'options.effects' })
      const custom = await customModulesOf(refs)
      const asked = { book, refs, workflow, source: params.workflow }
      const { options: wanted, said } = await withProfile(params.options, asked)
      const full = await withWorld(wanted, refs)
      const trigger = triggerFor(workflow, full)
      const brought = await inputFrom(book, params.data, { trigger, options: full, refs })
      const { data } = brought
      const digest = digestOf({ what: workflow, data, options: full, customModules: custom, refs })
      const workflows = refs.workflows?.map((other, i) => parseWorkflow(other, `workflow ${i + 1} of the workspace`))
      const { options, ports, ...surroundings } = await prepareEffects({
        ...{ book, refs, data, customModules: custom, options: full }
      })
      const settings = refs.settings ? { settings: refs.settings } : {}
      const others = workflows ? { workflows } : {}
      const input = buildRunInput({ workflow, brought, options, said, ...surroundings, ...settings, ...others })
      const names = (input.serviceModules ?? []).map((module) => plainText(module['name']))
      const knownModules = new Set([...names, ...custom.map(({ definition }) => definition.id)])
      const begin: Planning['begin'] = (onEvent) => createRun(input, ports, onEvent)
      const whole = { nodes: (workflow.data ?? {}) as JsonMap, workflowId: idOf(workflow as JsonMap) }
      return buildPlan({
        begin,
        profile: parseProfile(options.profile),
        ...whole,
        config,
        effects,
        digest,
        knownModules
      })
    },
    'run.curl': async ({ runId, effect: index, unmasked }, refs) => {
      const { effect } = await effectOf(runId, index, refs)
      const text = asCurl(unmasked ? effect : maskEffect(effect), refs.live?.mispModules ?? noServices)
      if (text.length > longestText)
        throw new CodedError('PARAMS_INVALID', 'The command is too long to copy (more than 16 MB).')
      return { text }
    },
    'run.resend': async ({ runId, effect: index, confirm }, refs) => {
      const config = requireLive(refs)
      const { effect, nodeId } = await effectOf(runId, index, refs)
      const target = targetOf(effect, config)
      const digest = digestOfEffect({ runId, index, effect: effect as unknown as Json }, refs)
      if (confirm === undefined) {
        const refused = refusalOf(effect, config)
        const targets = new Set([contactOf({ nodeId }, effect.kind, methodOf(effect), target)])
        return { target, refused, token: keepPlan(digest, { targets, openNodes: new Set() }), answer: null }
      }
      const answer = await performEffect(
        { nodeId, effect },
        config,
        redeem(confirm, digest),
        publisher,
        refs.halt?.signal
      )
      return { target, refused: null, token: null, answer }
    },
    'run.mail': async ({ runId, effect: index }, refs) => {
      const { effect } = await effectOf(runId, index, refs)
      if (effect.kind !== 'mail') throw new CodedError('EFFECT_NOT_FOUND', `Effect ${index} is no mail.`)
      const { to, subject, text, extra } = effect
      const encrypted = typeof extra?.['encrypted'] === 'string' ? extra['encrypted'] : null
      return { from: refs.live?.smtp.from ?? 'misp@localhost', to, subject, text, encrypted }
    },
    'run.mocks': async ({ runId, effects: wanted }, refs) => {
      const { effects } = (await book.open(refs.run, runId, refs.halt)).fold
      return { mocks: mocksOf(wanted ? effects.filter((_, i) => wanted.includes(i)) : effects) }
    },
    'customModules.list': (_params, refs) => listCustomModules(refs),
    'run.worldChanges': async ({ runId, offset, limit }, refs) =>
      worldChangesOf(await book.open(refs.run, runId, refs.halt), offset, limit, refs),
    'run.needs': async ({ workflow, data, options }, refs) => {
      const found = await workflowFrom(book, workflow, refs)
      const { options: wanted } = await withProfile(options, { book, refs, workflow: found, source: workflow })
      const full = await withWorld(wanted, refs)
      const known = [
        ...(await customModulesOf(refs)).map(({ definition }) => definition.id),
        ...Object.keys(options.placeholders ?? {})
      ]
      void data
      return [
        ...switchedOff(found, mergeSettings(refs.settings, mispOf(full.settings))),
        ...needsOf(found, (full.world ?? {}) as JsonMap, new Set(known), modulesOf(parseProfile(full.profile)))
      ]
    }
  }
}

/** Mocks by node id: one answer, or several in the order in which they were given. */
function mocksOf(effects: readonly RunEffect[]): JsonMap {
  const byNode = new Map<string, Json[]>()
  for (const { nodeId, effect, answer } of effects) {
    if (effect.kind === 'template') continue
    const list = byNode.get(String(nodeId)) ?? []
    byNode.set(String(nodeId), list)
    list.push(mockOf(answer))
  }
  return Object.fromEntries([...byNode].map(([nodeId, list]) => [nodeId, list.length === 1 ? (list[0] as Json) : list]))
}

function mockOf(answer: EffectAnswer): Json {
  if ('json' in answer && (answer.status ?? 200) === 200) return { json: answer.json }
  if ('json' in answer) return { status: answer.status ?? 200, body: JSON.stringify(answer.json) }
  if ('headers' in answer && answer.headers) {
    // Cookies of a service have no place in a file that is shared.
    const headers = answer.headers.map(([name, value]) => [name, /^set-cookie$/i.test(name) ? mask : value])
    return { status: answer.status, headers, body: answer.body }
  }
  return answer as unknown as Json
}
