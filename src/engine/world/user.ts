// Workflow::getUserForWorkflow: workflows run as a made-up SYSTEM user of the host organisation, or without one as the first site
// admin.
import type { JsonMap } from '../../contract/json.ts'
import { phpString } from '../php/cast.ts'
import { isEmpty } from '../php/values.ts'
import type { World } from './world.ts'

const assumedOrganisation: JsonMap = { id: '1', name: 'ORGNAME', uuid: '', local: true, type: 'ADMIN' }

/** @returns null where MISP finds nobody and the walk fails */
export function userForWorkflow(settings: JsonMap, world: World, permissions: readonly string[]): JsonMap | null {
  const hostId = settings['MISP.host_org_id'] ?? null
  const known = world.has('organisations')
  const organisation = isEmpty(hostId)
    ? null
    : known
      ? world.organisation(hostId)
      : { ...assumedOrganisation, id: phpString(hostId) }
  if (organisation !== null) {
    const Role = Object.fromEntries(permissions.map((flag) => [flag, true]))
    return { email: 'SYSTEM', id: 0, org_id: organisation['id'] ?? '1', Role, Organisation: organisation }
  }
  return siteAdmin(world)
}

/** Why there is nobody. */
export function noUserHint(settings: JsonMap): string {
  const hostId = settings['MISP.host_org_id'] ?? null
  const organisation = isEmpty(hostId)
    ? 'MISP.host_org_id is not set'
    : `MISP.host_org_id is ${phpString(hostId).slice(0, 40)}, which is no organisation of World`
  return `MISP finds no user to run workflows as: ${organisation}, and World has no enabled site administrator.`
}

function siteAdmin(world: World): JsonMap | null {
  const roles = new Map(
    world
      .filter('roles', (role) => !isEmpty(role['perm_site_admin']))
      .map((role) => [phpString(role['id'] ?? null), role])
  )
  const user = world.find('users', (each) => roles.has(phpString(each['role_id'] ?? null)) && isEmpty(each['disabled']))
  if (user === undefined) return null
  const { id = null, org_id = null, email = null, role_id = null } = user
  const Organisation = { id: org_id, name: world.organisation(org_id)?.['name'] ?? '' }
  return { org_id, id, email, Role: roles.get(phpString(role_id)) ?? {}, Organisation, Server: [] }
}
