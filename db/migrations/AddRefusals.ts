import { Migration } from '@mikro-orm/migrations'

/** Since when somebody could not be reached, for their district to see. */
export class AddRefusals extends Migration {
  override up(): void {
    this.addSql('alter table notice_settings add column refused_at timestamptz')
    this.addSql(`create index notice_settings_refused on notice_settings (district_id, user_id)
      where refused_email_hash is not null or refused_phone_hash is not null`)
  }
}
