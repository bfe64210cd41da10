import { describe, expect, it } from 'vitest'
import { attributeTypes, categoryTypes } from '../../../../src/engine/world/models/attribute-types.ts'
import { isValidValue, modifyValue, refang } from '../../../../src/engine/world/models/attribute-validation.ts'

describe('values of attributes', () => {
  it.each([
    ['url', 'hxxp://a[.]test', 'http://a.test'],
    ['email-src', 'a[at]b[dot]test', 'a@b.test'],
    ['text', 'hxxp://a[.]test', 'hxxp://a[.]test']
  ])('refangs %s %s', (type, value, expected) => {
    expect(refang(type, value)).toBe(expected)
  })

  it.each([
    ['md5', 'D41D8CD98F00B204E9800998ECF8427E', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['domain', '.Example.TEST.', 'example.test'],
    ['ip-dst', '2001:0DB8::0001', '2001:db8::1'],
    ['ip-dst', '198.51.100.20/32', '198.51.100.20'],
    ['ip-dst|port', '198.51.100.20:80', '198.51.100.20|80'],
    ['filename|md5', 'A.exe|D41D8CD98F00B204E9800998ECF8427E', 'A.exe|d41d8cd98f00b204e9800998ecf8427e'],
    ['AS', 'AS1.1', '65537'],
    ['text', 'a \u{1f600}', 'a ?']
  ])('spells %s %s as MISP does', (type, value, expected) => {
    expect(modifyValue(type, value)).toBe(expected)
  })

  it.each([
    ['md5', 'd41d8cd98f00b204e9800998ecf8427e', true],
    ['md5', 'd41d8c', false],
    ['filename|md5', 'a|d41d8cd98f00b204e9800998ecf8427e', true],
    ['domain', 'x', false],
    ['domain', 'other.example', true],
    ['ip-dst', '198.51.100.0/24', true],
    ['ip-dst', '198.51.100.0/33', false],
    ['ip-src|port', '::1|443', true],
    ['text', 'a\nb', true],
    ['filename', 'a\nb', false],
    ['link', 'example.test', false],
    ['vulnerability', 'CVE-2024-0001', true]
  ])('judges %s %j', (type, value, valid) => {
    expect(isValidValue(type, value)).toBe(valid)
  })

  it('knows a category for every type, which takes it', () => {
    for (const [type, { category }] of attributeTypes) expect(categoryTypes.get(category)?.has(type), type).toBe(true)
  })
})
