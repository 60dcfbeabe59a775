import { Migration } from '@mikro-orm/migrations'

/** Who is not to be written to by phone, because they want it so or because it cannot be done. */
export class AddSms extends Migration {
  override up(): void {
    this.addSql('alter table notice_settings add column sms_off_at timestamptz, add column refused_phone_hash bytea')
  }
}
