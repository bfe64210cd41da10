import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { readWarninglists, WarninglistChecker } from '../../../../src/engine/world/warninglists.ts'

const check = (type: string, entries: readonly string[], attributeType: string, value: string): string | undefined => {
  const lists = readWarninglists([{ name: 'L', type, list: entries, matching_attributes: [attributeType] }])
  const checker = new WarninglistChecker([...lists.values()], false)
  const found = checker.check({ type: attributeType, value, to_ids: true }).warnings as JsonMap[] | undefined
  return found?.[0]?.match as string | undefined
}

describe('warninglists, as MISP matches them', () => {
  it.each([
    ['string', ['abc'], 'md5', 'abc', 'abc'],
    ['string', ['abc'], 'md5', 'ABC', undefined],
    ['string', ['abc'], 'filename|md5', 'x|abc', 'abc'],
    ['substring', ['zzz', 'oo', 'foo'], 'url', 'a-foo-b', 'oo'],
    ['hostname', ['.Example.com'], 'url', 'http://www.example.com/x', 'example.com'],
    ['hostname', ['example.com'], 'domain', 'www.EXAMPLE.com', undefined],
    ['hostname', ['com'], 'domain', 'a.com.', 'com'],
    ['cidr', ['10.0.0.0/8', '10.1.0.0/16'], 'ip-src', '10.1.2.3', '10.0.0.0/8'],
    ['cidr', ['10.1.0.0/8'], 'ip-src', '10.1.2.3', undefined],
    ['cidr', ['192.0.2.1'], 'ip-src', '192.0.2.1', '192.0.2.1/32'],
    ['cidr', ['10.0.0.0/8'], 'ip-src', '10.0.0.0/7', undefined],
    ['cidr', ['10.0.0.0/8'], 'ip-src', '10.1.0.0/16', '10.0.0.0/8'],
    ['cidr', ['2001:db8::/32'], 'ip-src', '2001:DB8:0::1', '2001:db8::/32'],
    ['regex', ['/^foo[0-9]+$/i'], 'text', 'FOO12', '/^foo[0-9]+$/i'],
    ['unknown', ['x'], 'text', 'x', undefined]
  ])('%s %j matches %s %s: %s', (type, entries, attributeType, value, wanted) => {
    expect(check(type, entries, attributeType, value)).toBe(wanted)
  })

  it('looks at attributes with the IDS flag, and at all of them when told', () => {
    const lists = [...readWarninglists([{ name: 'L', type: 'string', list: ['x'] }]).values()]
    const attribute = { type: 'text', value: 'x', to_ids: false }
    expect(new WarninglistChecker(lists, false).check(attribute)).toBe(attribute)
    expect(new WarninglistChecker(lists, true).check(attribute).warnings).toEqual([
      { match: 'x', value: 'x', warninglist_id: '1', warninglist_name: 'L', warninglist_category: 'false_positive' }
    ])
  })
})
