import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What open clients should hear of, without any word of it. */
export class AddEvents extends Migration {
  override up(): void {
    this.addSql(`create table events (
      district_id uuid not null,
      id uuid not null,
      xact bigint not null,
      kind text not null,
      channel_id uuid,
      section_id uuid,
      user_id uuid,
      subject_id uuid,
      created_at timestamptz not null,
      primary key (district_id, id),
      foreign key (district_id, channel_id) references channels (district_id, id),
      foreign key (district_id, section_id) references sections (district_id, id),
      foreign key (district_id, user_id) references users (district_id, id),
      constraint events_kind_check check (kind in ('channel.opened', 'channel.posting', 'channel.read', 'channel.ended',
        'message.posted', 'message.hidden', 'message.unhidden', 'message.withdrawn', 'attachment.changed',
        'announcement.posted', 'announcement.hidden', 'announcement.unhidden', 'announcement.withdrawn', 'announcement.read', 'notice.added', 'notice.seen')),
      constraint events_have_one_place check (num_nonnulls(channel_id, section_id, user_id) = 1)
    )`)
    this.addSql('create index events_by_xact on events (xact)')
    this.addSql('create index events_of_channel on events (district_id, channel_id, xact) where channel_id is not null')
    this.addSql('create index events_of_section on events (district_id, section_id, xact) where section_id is not null')
    this.addSql('create index events_of_user on events (district_id, user_id, xact) where user_id is not null')
    this.addSql('create index events_by_age on events (district_id, created_at)')
    this.addSql('alter table events enable row level security')
    this.addSql('alter table events force row level security')
    this.addSql(`create policy own_district on events using (${ownDistrict}) with check (${ownDistrict})`)
    this.addSql('create policy auth_select on events for select to hallpass_auth using (true)')
  }
}
