import { describe, expect, it } from 'vitest'
import { AddressGuard, privateKind } from '../../../../src/host/ports/guard.ts'

describe('the address guard', () => {
  it.each([
    ['127.0.0.1', 'this machine'],
    ['::1', 'this machine'],
    ['::ffff:10.1.2.3', 'a private network'],
    ['::ffff:7f00:1', 'this machine'],
    ['10.0.0.1', 'a private network'],
    ['172.31.255.255', 'a private network'],
    ['192.168.1.1', 'a private network'],
    ['169.254.169.254', 'the metadata service of clouds'],
    ['169.254.1.1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['fd12::1', 'a private network'],
    ['64:ff9b::7f00:1', 'this machine'],
    ['64:ff9b::a9fe:a9fe', 'the metadata service of clouds'],
    ['64:ff9b::5db8:d822', 'a translated address'],
    ['2002:a00:1::', 'a private network'],
    ['2001:0:0:0:0:0:80ff:fffe', 'this machine'],
    ['0.0.0.0', 'this machine'],
    ['100.64.0.1', 'a private network']
  ])('knows %s as %s', (address, kind) => expect(privateKind(address)).toBe(kind))

  it.each(['93.184.216.34', '172.32.0.1', '2606:2800:220:1::1', '11.0.0.1', '192.169.0.1'])('lets %s pass', (address) =>
    expect(privateKind(address)).toBeNull()
  )

  it('lets pass what a person allowed: a name, a pattern, an address, a network, with or without a port', () => {
    const guard = new AddressGuard({
      allow: ['hook.example.org', '*.lab.example.org', '10.1.2.3:8080', '192.168.0.0/16', '[fd12::1]:443'],
      onlyAllowed: false
    })
    expect(guard.refusal('hook.example.org', 80, '10.9.9.9')).toBeNull()
    expect(guard.refusal('a.lab.example.org', 80, '127.0.0.1')).toBeNull()
    expect(guard.refusal('lab.example.org', 80, '127.0.0.1')).toContain('this machine')
    expect(guard.refusal('10.1.2.3', 8080, '10.1.2.3')).toBeNull()
    expect(guard.refusal('10.1.2.3', 80, '10.1.2.3')).toContain('a private network')
    expect(guard.refusal('192.168.7.7', 80, '192.168.7.7')).toBeNull()
    expect(guard.refusal('fd12::1', 443, 'fd12::1')).toBeNull()
  })

  it('reaches nothing but the list when it is told so', () => {
    const guard = new AddressGuard({ allow: ['a.example.org'], onlyAllowed: true })
    expect(guard.refusal('a.example.org', 443, '93.184.216.34')).toBeNull()
    expect(guard.refusal('b.example.org', 443, '93.184.216.34')).toContain('list of allowed hosts')
  })

  it('refuses a name that resolves to this machine', async () => {
    await expect(new AddressGuard({ allow: [], onlyAllowed: false }).resolve('localhost', 80)).rejects.toThrow(
      'this machine'
    )
  })
})
