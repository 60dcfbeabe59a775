import { Migration } from '@mikro-orm/migrations'

/** Channels of a year that goes on after all are opened again. */
export class IndexClosedChannels extends Migration {
  override up(): void {
    this.addSql(`create index channels_closed_of_year on channels (district_id, school_year, id) where closed_at is not null`)
  }
}
