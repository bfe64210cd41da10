// The two parameters with which MISP's modules choose a distribution (Event::$distributionLevels; " Sharing Group" has its blank in MISP).
import type { ParamDefinition } from '../../../contract/modules.ts'

const levels = [
  { name: 'Organisation', value: 0 },
  { name: 'Community', value: 1 },
  { name: 'Connected', value: 2 },
  { name: 'All', value: 3 },
  { name: ' Sharing Group', value: 4 }
]

const distribution = {
  ...{ id: 'distribution', label: 'Distribution', type: 'select', default: '0' },
  options: levels,
  placeholder: 'Pick a distribution'
} as const satisfies ParamDefinition

/** `of` an event; attributes and analyst data can also inherit theirs. */
export const distributionParam = (of: 'event' | 'part'): ParamDefinition =>
  of === 'event' ? distribution : { ...distribution, options: [...levels, { name: 'Inherit', value: 5 }] }

export const sharingGroupParam = (multiple: boolean): ParamDefinition => ({
  ...{ id: 'sharing_group_id', label: 'Sharing Groups', type: 'picker', multiple, options: [], default: [] },
  ...{ placeholder: 'Pick a sharing group', display_on: { distribution: '4' } }
})
