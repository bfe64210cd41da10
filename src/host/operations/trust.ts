// What came with the workspace and waits for a yes.
import type { TrustState } from '../../contract/trust.ts'
import type { Handlers } from '../registry/registry.ts'
import type { TrustChoice } from '../trust/trust.ts'
import type { Services } from './services.ts'

type TrustOperations = 'trust.list' | 'trust.allow' | 'trust.decline'

export const trustHandlers = ({ workspace, trust, capture, emit }: Services): Handlers<TrustOperations> => {
  const decide = async (items: readonly TrustChoice[], decision: 'allowed' | 'declined'): Promise<TrustState> => {
    const state = await trust.decide(items, decision)
    if (items.some(({ key }) => key === 'listener' || key === 'forward')) await capture.restart()
    const files = items.flatMap(({ key }) => (key.startsWith('module:') ? [key.slice('module:'.length)] : []))
    if (files.length > 0) emit('modules.changed', { files })
    emit('workspace.changed', workspace.info())
    return state
  }
  return {
    'trust.list': () => trust.state(),
    'trust.allow': ({ items }) => decide(items, 'allowed'),
    'trust.decline': ({ items }) => decide(items, 'declined')
  }
}
