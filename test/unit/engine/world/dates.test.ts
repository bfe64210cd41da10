import { describe, expect, it } from 'vitest'
import { formatIpv6, parseIpv4, parseIpv6 } from '../../../../src/engine/world/addresses.ts'
import { dateTimeOf, isDate, secondsOf } from '../../../../src/engine/world/dates.ts'

describe('dates without a clock', () => {
  it.each([0, 951782400, 1729512000, 1709251199, 4102444799])('agree with JavaScript on %d', (seconds) => {
    const text = new Date(seconds * 1000).toISOString()
    expect(dateTimeOf(seconds)).toBe(text.slice(0, 19).replace('T', ' '))
    expect(secondsOf(text)).toBe(seconds)
  })

  it('read offsets, and refuse what is no date', () => {
    expect(secondsOf('2024-10-21T14:00:00.5+02:00')).toBe(1729512000)
    expect(secondsOf('yesterday')).toBeNull()
    expect(isDate('2024-02-29')).toBe(true)
    expect(isDate('2023-02-29')).toBe(false)
  })
})

describe('addresses', () => {
  it('refuses leading zeros and missing parts', () => {
    expect(parseIpv4('255.0.0.1')).toBe(0xff000001)
    expect(parseIpv4('01.2.3.4')).toBeNull()
    expect(parseIpv4('1.2.3')).toBeNull()
    expect(parseIpv6('1::2::3')).toBeNull()
  })

  it.each([
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['1:2:3:4:5:6:7:0', '1:2:3:4:5:6:7:0']
  ])('writes %s as %s', (given, wanted) => {
    expect(formatIpv6(parseIpv6(given) ?? [])).toBe(wanted)
  })
})
