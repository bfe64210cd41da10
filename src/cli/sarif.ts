// SARIF 2.1.0, the form in which GitHub and others take what a linter found.
import { pathToFileURL } from 'node:url'
import type { Location, Log, Region as SarifRegion, Result } from 'sarif'
import { rules, type RuleId } from '../contract/rules.ts'
import type { Finding, LintReport } from '../host/lint/lint.ts'
import type { Region } from '../host/lint/positions.ts'

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

const ids = Object.keys(rules) as RuleId[]

/** Every rule stands in it, with its explanation, so that nothing must be looked up elsewhere. */
export function sarifOf({ findings }: LintReport, version: string): Log {
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Retrace', semanticVersion: version, rules: ids.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(resultOf)
      }
    ]
  }
}

function ruleOf(id: RuleId) {
  const { severity, title, why, fix } = rules[id]
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n${fix}` },
    defaultConfiguration: { level: severity }
  }
}

/** Relative to the current folder; what lies outside of it in full. */
const uriOf = (file: string): string =>
  /^(?:\.\.\/|\/|[A-Za-z]:)/.test(file) ? pathToFileURL(file).href : file.split('/').map(encodeURIComponent).join('/')

function locationOf(file: string, region: Region | null, nodeId: Finding['nodeId']): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(region ? { region: region satisfies SarifRegion } : {})
    },
    ...(nodeId === null ? {} : { logicalLocations: [{ name: `node ${nodeId}`, kind: 'object' }] })
  }
}

function resultOf(one: Finding): Result {
  const { ruleId, severity, file, nodeId, message, region, others, suppressed } = one
  return {
    ruleId,
    ruleIndex: ids.indexOf(ruleId),
    level: severity,
    message: { text: message },
    locations: [locationOf(file, region, nodeId)],
    ...(others.length > 0 ? { relatedLocations: others.map((other) => locationOf(file, other, null)) } : {}),
    // Lines move when somebody edits a workflow; what the problem is about does not.
    partialFingerprints: { 'retrace/v1': [ruleId, one.workflow, one.nodeIds.join(','), one.parameter ?? ''].join('|') },
    ...(suppressed === null ? {} : { suppressions: [{ kind: 'external', justification: suppressed }] })
  }
}
