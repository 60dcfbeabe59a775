import { Migration } from '@mikro-orm/migrations'

/** The brake holds roles, too: each has an id, by which a suspension names it. */
export class HoldRoles extends Migration {
  override up(): void {
    this.addSql(`alter table org_roles add column id uuid not null default uuidv7()`)
    this.addSql(`alter table org_roles add constraint org_roles_id_unique unique (district_id, id)`)
  }
}
