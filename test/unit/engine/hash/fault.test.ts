import { describe, expect, it } from 'vitest'
import { pathFault } from '../../../../src/engine/hash/fault.ts'

describe('what is wrong with a hash path', () => {
  it.each([
    'Event.info',
    'Event.Tag.{n}.name',
    'Event._AttributeFlattened.{n}[type=ip-dst].comment',
    'Event.Attribute.{n}[type=/^ip-[a-z]+$/][to_ids=1]._allTags.{n}.name',
    'Event.Attribute.{n}[value].value',
    'Event.Attribute.0.value',
    '{s}.{*}.a b',
    'enabledFilters.A.value'
  ])('is nothing in %s', (path) => expect(pathFault(path)).toBe(null))

  it.each([
    ['', 'empty'],
    ['Event.[[', '“[[” has a “[” without a “]”'],
    ['Event.Tag.{n}[name=x', '“[name=x” has a “[” without a “]”'],
    ['Event.Tag.{n}[]', '“[]” is no condition'],
    ['Event.Tag.{n}[name]x', '“x” is no condition'],
    ['Event.Tag.{n}]', 'has a “]” without a “[”'],
    ['Event..info', 'A key is missing'],
    ['.Event', 'A key is missing'],
    ['Event.', 'A key is missing'],
    ['Event.[type=ip-dst]', 'names no key'],
    ['Event.Tag.{n', '“{n” has one of “{” and “}” without the other'],
    ['Event.Tag.n}.name', '“n}” has one of “{” and “}” without the other'],
    ['Event.Tag.{x}.name', '“{x}” is none of {n}, {s} and {*}'],
    ['Event.Tag.{n}[name=/(/].name', 'The pattern /(/ cannot be read']
  ])('is said of %s', (path, said) => expect(pathFault(path)).toContain(said))
})
