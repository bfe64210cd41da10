// What changes of MISP's modules from one version to another, by the module's id (rules.ts has what changes of the engine).
import { isBetween, ruleBetween } from './rules.ts'
import type { KnownRule, Rule } from './rules.ts'
import type { ProfileId } from './profiles.ts'

interface ModuleRule extends KnownRule {
  readonly ids: readonly string[]
  /** The first version that does the newer. */
  readonly since: ProfileId
}

const rules: readonly ModuleRule[] = [
  {
    ...{ ids: ['tag_operation'], since: '2.5.19', name: 'tag_operation 0.2' },
    older: 'tag_operation changes tags in the database only',
    newer:
      'tag_operation also updates the roaming data with the tags that were attached or removed (one that was attached before stands there twice)'
  },
  {
    ids: ['tag_replacement_tlp', 'tag_replacement_pap'],
    ...{ since: '2.5.19', name: 'tag_replacement_*, assign_country' },
    older: 'tag_replacement_* replaces tags in the database',
    newer:
      'tag_replacement_* calls tag_operation with too few arguments: an ArgumentCountError aborts the run as soon as a tag is to change'
  },
  {
    ...{ ids: ['assign_country'], since: '2.5.19', name: 'tag_replacement_*, assign_country' },
    older: 'assign_country attaches the cluster of the country',
    newer:
      'assign_country calls tag_operation with too few arguments: an ArgumentCountError aborts the run as soon as an attribute matches, with scope event always'
  },
  {
    ids: ['attribute_ids_flag_operation', 'Module_attribute_comment_operation'],
    ...{ since: '2.5.19', name: 'IDS flag, comment' },
    older: 'the roaming data gets the attribute with the change alone',
    newer: 'the roaming data gets what editAttribute returned: _materialChange, a new timestamp, keys in another order'
  },
  {
    ...{ ids: ['enrich-event'], since: '2.5.19', name: 'enrich-event 0.2' },
    older: 'enrich-event ends with the event as it is fetched, and without an enabled module changes nothing',
    newer: 'enrich-event ends with the converted event from the database, also when nothing was added'
  },
  {
    ...{ ids: ['generic-filter-reset'], since: '2.5.19', name: 'generic-filter-reset' },
    older: 'a label removes the filter of that label only',
    newer: 'a label also removes the filters whose labels begin with it'
  },
  {
    ...{ ids: ['tag-if'], since: '2.5.19', name: 'tag-if 0.4' },
    older: 'tag-if looks at tags of events and attributes',
    newer: 'tag-if has the scopes event_report and inherited_report, too'
  },
  {
    ...{ ids: ['distribution-if'], since: '2.5.19', name: 'distribution-if 0.3' },
    older:
      'scope attribute without attributes is a TypeError; with distribution 4 chosen sharing groups are always compared, and with none selected equals holds where there are some',
    newer:
      'scope attribute without attributes is false; sharing groups are compared only where both sides are 4, and with none selected equals holds where there are none'
  },
  {
    ids: ['send-report-to-cti-info-extractor'],
    ...{ since: '2.5-newest', name: 'send-report-to-cti-info-extractor 0.2' },
    older: 'it sends reports to the CTI Info Extractor, and succeeds also where that is off',
    newer: 'it has an AI module summarise reports, has no parameters, and fails where AI services are off'
  },
  {
    ...{ ids: ['webhook'], since: '2.4.198', name: 'webhook 0.4' },
    older: 'a webhook posts what data_extraction_path extracts, and has no payload, method or headers',
    newer: 'a webhook sends its payload, or the data, with its method and headers'
  },
  {
    ...{ ids: ['stop-execution'], since: '2.4.198', name: 'stop-execution 0.1' },
    older: 'stop-execution has no message and always says “Execution stopped”',
    newer: 'stop-execution says its message'
  },
  {
    ...{ ids: ['splunk-hec-export'], since: '2.4.198', name: 'splunk-hec-export' },
    older: 'splunk-hec-export sends events',
    newer: 'splunk-hec-export aborts the run before it sends anything'
  },
  {
    ...{ ids: ['telegram-send-alert'], since: '2.4.198', name: 'telegram' },
    older: 'the URL is api.telegram.org/TOKEN, so that the token has to begin with bot',
    newer: 'the URL is api.telegram.org/botTOKEN'
  },
  {
    ...{ ids: ['ms-teams-webhook'], since: '2.4.198', name: 'ms-teams 0.4' },
    older: 'ms-teams-webhook sends what data_extraction_path finds',
    newer: 'ms-teams-webhook ignores data_extraction_path and sends all of the data'
  },
  {
    ...{ ids: ['attach-warninglist'], since: '2.4.198', name: 'attach-warninglist 0.1' },
    older: 'attach-warninglist takes one name, or ALL',
    newer: 'attach-warninglist takes several names'
  },
  {
    ...{ ids: ['organisation-if'], since: '2.4.198', name: 'organisation-if 0.1' },
    older: 'organisation-if compares with one organisation, by equals or not_equals',
    newer: 'organisation-if compares with several organisations, by in or not_in'
  },
  {
    ...{ ids: ['distribution-if'], since: '2.4.198', name: 'distribution-if 0.2' },
    older:
      'with no sharing group selected equals holds where there are none; groups of attributes count for scope event, too',
    newer:
      'with no sharing group selected equals holds where there are some; groups of attributes count for scope attribute'
  },
  {
    ids: ['attribute_ids_flag_operation', 'Module_attribute_comment_operation'],
    ...{ since: '2.4.198', name: 'attribute edition' },
    older: 'each attribute is saved alone, and stands in the roaming data whatever became of that',
    newer: 'attributes are saved together, and only those that were saved stand in the roaming data'
  }
]

/** What is known of how a module differs between two versions; empty: nothing. */
export const moduleRulesOf = (id: string, from: ProfileId, to: ProfileId): readonly Rule[] =>
  rules
    .filter(({ ids, since }) => ids.includes(id) && isBetween(since, from, to))
    .map((rule) => ruleBetween(rule, from, to))
