// MISP 2.4.198 (September 2024), the last 2.4 beside 2.5.1, on PHP 7.4.
import type { ProfileDifferences } from './profile.ts'

export const misp24198: ProfileDifferences = {
  version: '2.4.198',
  title: '2.4.188 to 2.4.200',
  php: 7,
  // PHP 7's array_map() only warns.
  unlabelledInputsAllowed: true,
  failedTriggerJobDies: false,
  attributeTagsSayLocal: false,
  webhookDecodesTextsOnly: false,
  resultsRequired: false
}
