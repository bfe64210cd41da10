// MISP 2.5.19 (September 2025), beside 2.5.1.
import { misp251 } from './misp-2.5.1.ts'
import type { ProfileDifferences } from './profile.ts'

export const misp2519: ProfileDifferences = {
  version: '2.5.19',
  title: '2.5.10 to 2.5.23, 2.4.201 and later',
  keptItemsRenumbered: true,
  filtersKnownBySavedNode: true,
  labelsOfAllFilters: true,
  unlabelledInputsAllowed: true,
  initiatorInPosts: true,
  asksForBackgroundJobs: true,
  failedTriggerJobDies: false,
  templatesSeeEnvironment: true,
  unrenderedIsEmpty: true,
  changesReachUnfiltered: true,
  answersFilteredData: true,
  reportsHaveTags: true,
  adHocWorkflows: true,
  permissions: [...misp251.permissions, 'perm_server_sign', 'perm_sync_internal', 'perm_sync_authoritative']
}
