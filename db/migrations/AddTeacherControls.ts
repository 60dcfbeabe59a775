import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What a teacher lets happen in a channel, what became of a message, and up to where each person has read. */
export class AddTeacherControls extends Migration {
  override up(): void {
    this.addSql(`alter table channels add column posting text not null default 'open'`)
    this.addSql(`alter table channels add constraint channels_posting_check check (posting in ('open', 'paused', 'closed'))`)
    this.addSql(`alter table messages
      add column hidden_at timestamptz,
      add column hidden_by uuid,
      add column withdrawn_at timestamptz,
      add column withdrawn_after_readers int`)
    this.addSql(`alter table messages
      add constraint messages_hidden_by_somebody check ((hidden_at is null) = (hidden_by is null)),
      add constraint messages_withdrawn_is_counted check ((withdrawn_at is null) = (withdrawn_after_readers is null))`)
    this.addSql(`alter table messages add foreign key (district_id, hidden_by) references users (district_id, id)`)
    this.addSql(`create table read_marks (
      district_id uuid not null,
      channel_id uuid not null,
      user_id uuid not null,
      seq int not null,
      read_at timestamptz not null,
      primary key (district_id, channel_id, user_id),
      foreign key (district_id, channel_id) references channels (district_id, id),
      foreign key (district_id, user_id) references users (district_id, id)
    )`)
    this.addSql('alter table read_marks enable row level security')
    this.addSql('alter table read_marks force row level security')
    this.addSql(`create policy own_district on read_marks using (${ownDistrict}) with check (${ownDistrict})`)
  }
}
