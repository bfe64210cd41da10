// What is assumed of MISP's settings where nobody gives them.
import type { JsonMap } from '../../contract/json.ts'

export const arbitraryUrls = 'Security.rest_client_enable_arbitrary_urls'
/** Without it MISP runs workflows as its first site admin, and not at all without one. */
export const hostOrganisation = 'MISP.host_org_id'

export const usualSettings: JsonMap = { [hostOrganisation]: 1, [arbitraryUrls]: true }
