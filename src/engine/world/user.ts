// Workflow::getUserForWorkflow: workflows run as a made-up SYSTEM user of the host organisation, or without one as the first site
// admin.
import type { Json, JsonMap } from '../../contract/json.ts'
import { phpString } from '../php/cast.ts'
import { dig, isEmpty, isMap } from '../php/values.ts'
import type { World, WorldData } from './world.ts'

const assumedOrganisation: JsonMap = { id: '1', name: 'ORGNAME', uuid: '', local: true, type: 'ADMIN' }

/** @returns null where MISP finds nobody and the walk fails */
export function userForWorkflow(settings: JsonMap, world: World, permissions: readonly string[]): JsonMap | null {
  const hostId = settings['MISP.host_org_id'] ?? null
  const known = world.data.organisations !== undefined
  const organisation = isEmpty(hostId)
    ? null
    : known
      ? world.organisation(hostId)
      : { ...assumedOrganisation, id: phpString(hostId) }
  if (organisation !== null) {
    const Role = Object.fromEntries(permissions.map((flag) => [flag, true]))
    return { email: 'SYSTEM', id: 0, org_id: organisation['id'] ?? '1', Role, Organisation: organisation }
  }
  return siteAdmin(world.data, world)
}

/** Why there is nobody. */
export function noUserHint(settings: JsonMap): string {
  const hostId = settings['MISP.host_org_id'] ?? null
  const organisation = isEmpty(hostId)
    ? 'MISP.host_org_id is not set'
    : `MISP.host_org_id is ${phpString(hostId).slice(0, 40)}, which is no organisation of World`
  return `MISP finds no user to run workflows as: ${organisation}, and World has no enabled site administrator.`
}

function siteAdmin(data: WorldData, world: World): JsonMap | null {
  const rows = (part: unknown, name: string): JsonMap[] =>
    (Array.isArray(part) ? (part as Json[]) : []).map((row) => dig(row, name) ?? row).filter(isMap)
  const roles = new Map(rows(data.roles, 'Role').map((role) => [phpString(role['id'] ?? null), role]))
  for (const user of rows(data.users, 'User')) {
    const role = roles.get(phpString(user['role_id'] ?? null))
    if (!role || isEmpty(role['perm_site_admin']) || !isEmpty(user['disabled'])) continue
    const { id = null, org_id = null, email = null } = user
    const Organisation = { id: org_id, name: world.organisation(org_id)?.['name'] ?? '' }
    return { org_id, id, email, Role: role, Organisation, Server: [] }
  }
  return null
}
