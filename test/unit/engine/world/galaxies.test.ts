import { describe, expect, it } from 'vitest'
import type { JsonMap } from '../../../../src/contract/json.ts'
import { tags, world } from './build.ts'

const galaxyTags = [
  ...tags,
  { id: '3', name: 'misp-galaxy:country="france"', colour: '#00f', exportable: '1', is_galaxy: '1', local_only: '0' }
]
const known: JsonMap = {
  tags: galaxyTags,
  galaxies: [{ id: '9', name: 'Country', type: 'country' }],
  galaxy_clusters: [
    { id: '4', galaxy_id: '9', type: 'country', value: 'france', tag_name: 'misp-galaxy:country="france"' }
  ]
}

describe('galaxies of tagged events', () => {
  it('appear with the tag and go with it', () => {
    const handle = world(known)
    const id = handle.insertEventTag({ eventId: '1', tagId: '3', local: true, relationship: null })
    const [galaxy] = (handle.fetchEvent('1')?.Galaxy ?? []) as JsonMap[]
    expect(galaxy).toMatchObject({ id: '9', name: 'Country' })
    expect((galaxy?.GalaxyCluster as JsonMap[])[0]).toMatchObject({
      value: 'france',
      tag_id: 3,
      event_tag_id: id,
      local: true
    })
    const row = handle.eventTags('1').find((each) => each.tag_id === '3') as JsonMap
    handle.deleteEventTag('1', row)
    expect(handle.fetchEvent('1')?.Galaxy).toEqual([])
  })

  it('appear on attributes too', () => {
    const handle = world(known)
    handle.insertAttributeTag({ attributeId: '2', eventId: '1', tagId: '3', local: false, relationship: 'seen-in' })
    const attribute = (handle.fetchEvent('1')?.Attribute as JsonMap[])[1]
    const cluster = ((attribute?.Galaxy as JsonMap[])[0]?.GalaxyCluster as JsonMap[])[0]
    expect(cluster).toMatchObject({ attribute_tag_id: '1', relationship_type: 'seen-in' })
  })
})
