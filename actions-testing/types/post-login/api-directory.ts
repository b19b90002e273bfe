interface Role {
  readonly id: string
  readonly name: string
  readonly type: string
}

interface GroupMatch {
  readonly id: string
  readonly name: string
  readonly group_type: string
}

/** A group that the user is in. */
interface Group {
  readonly id: string
  readonly name: string
  readonly external_id?: string
  readonly connection_id?: string
  readonly tenant_name: string
  readonly created_at: string
  readonly updated_at: string
  readonly membership_created_at: string
  readonly assignment: string
}

/** `api.groups`. What the results hold is that of https://github.com/auth0/auth0-actions. */
export interface GroupsAPI {
  getUserGroups(params?: {
    readonly take?: number
    readonly from?: string
  }): Promise<{ readonly groups: readonly Group[]; readonly next?: string }>
  /** By each of the ids and names that were asked for. */
  hasGroupMembership(groups: readonly string[]): Promise<{
    readonly memberships: Readonly<
      Record<string, { readonly is_member: boolean; readonly matches?: readonly GroupMatch[] }>
    >
    readonly errors?: Readonly<Record<string, string>>
  }>
}

/** `api.roles`: assigned directly or through a group. */
export interface RolesAPI {
  getUserEffectiveRoles(params?: {
    /** At most 100. */
    readonly take?: number
    readonly from?: string
  }): Promise<{ readonly roles: readonly Role[]; readonly next?: string }>
  /** At most 100 ids. */
  getUserEffectiveRolesByIds(ids: readonly string[]): Promise<{ readonly roles: readonly Role[] }>
  /** At most 50 names. */
  getUserEffectiveRolesByNames(
    names: readonly string[],
  ): Promise<{ readonly roles: readonly Role[] }>
}
