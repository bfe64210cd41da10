import { describe, expect, it } from 'vitest'
import { isSecretParam } from '../../../src/contract/modules.ts'
import { mask, maskParam, maskUrls } from '../../../src/contract/secrets.ts'

describe('secrets', () => {
  it('are told by the names of parameters', () => {
    for (const id of ['bot_token', 'hec_token', 'headers', 'Authorization', 'slack_bot_token', 'a_p_i_key'])
      expect(isSecretParam(id), id).toBe(true)
    for (const id of ['url', 'payload', 'hash_path', 'message_body_template', 'tags', 'monkey'])
      expect(isSecretParam(id), id).toBe(false)
  })

  it('are dots; names of headers and what is empty stay', () => {
    expect(maskParam('bot_token', 'bot1:A')).toBe(mask)
    expect(maskParam('bot_token', '')).toBe('')
    expect(maskParam('headers', 'Authorization: key\nX-Other: b')).toBe(`Authorization: ${mask}\nX-Other: ${mask}`)
    expect(maskParam('payload', 'text')).toBe('text')
  })

  it('are hidden in URLs', () => {
    expect(maskUrls('https://me:pa@ss@example.org/a@b')).toBe(`https://${mask}@example.org/a@b`)
    expect(maskUrls('https://example.org/?token=1&x=2')).toBe(`https://example.org/?token=${mask}&x=2`)
    expect(maskUrls('mail me@example.org, https://example.org/a')).toBe('mail me@example.org, https://example.org/a')
    expect(maskParam('url', 'https://me:pw@example.org')).toBe(`https://${mask}@example.org`)
  })
})
