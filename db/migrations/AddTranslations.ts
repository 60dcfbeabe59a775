import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What is read in another language, what a district has had translated, and who refuses it. */
export class AddTranslations extends Migration {
  override up(): void {
    // Nobody looked at the language of what is there already.
    for (const table of ['messages', 'announcements']) this.addSql(`alter table ${table} add column language text not null default 'en'`)
    this.addSql(`alter table districts
      add column translation_budget bigint,
      add column translation_formality text,
      add column is_profanity_masked boolean not null default false`)
    this.addSql(`alter table districts
      add constraint districts_translation_budget_check check (translation_budget >= 0),
      add constraint districts_translation_formality_check check (translation_formality in ('formal', 'informal'))`)
    this.addSql(`create table translations (
      district_id uuid not null,
      id uuid not null,
      message_id uuid,
      announcement_id uuid,
      language text not null,
      source_language text not null,
      state text not null,
      attempt int not null default 1,
      reason text,
      body bytea,
      lost text[] not null default '{}',
      provider text,
      characters int,
      charged_attempt int not null default 0,
      created_at timestamptz not null,
      asked_at timestamptz not null,
      finished_at timestamptz,
      primary key (district_id, id),
      constraint translations_of_message unique (district_id, message_id, language),
      constraint translations_of_announcement unique (district_id, announcement_id, language),
      constraint translations_state_check check (state in ('pending', 'done', 'failed', 'cancelled')),
      constraint translations_reason_check check (reason in ('unsupported-pair', 'too-long', 'unavailable', 'not-configured', 'budget-exhausted',
        'not-shown', 'ended', 'switched-off', 'refused')),
      constraint translations_of_one_text check ((message_id is null) <> (announcement_id is null)),
      constraint translations_into_another_language check (language <> source_language),
      constraint translations_done_is_whole check (
        (state = 'done') = (body is not null) and (state = 'done') = (provider is not null) and (state <> 'done' or characters is not null)),
      constraint translations_ended_is_whole check (
        (state in ('failed', 'cancelled')) = (reason is not null) and (state = 'pending') = (finished_at is null)),
      foreign key (district_id, message_id) references messages (district_id, id) on delete cascade,
      foreign key (district_id, announcement_id) references announcements (district_id, id) on delete cascade
    )`)
    this.addSql(`create index translations_pending on translations (asked_at) where state = 'pending'`)
    this.addSql(`create index translations_failed on translations (finished_at) where state = 'failed'`)
    this.addSql('create index translations_by_id on translations (id)')
    this.addSql(`create table translation_usage (
      district_id uuid not null,
      month date not null,
      characters bigint not null,
      warned_at timestamptz,
      exhausted_at timestamptz,
      primary key (district_id, month),
      constraint translation_usage_is_counted check (characters >= 0),
      foreign key (district_id) references districts (id)
    )`)
    this.addSql(`create table translation_refusals (
      district_id uuid not null,
      student_id uuid not null,
      guardian_id uuid not null,
      created_at timestamptz not null default now(),
      primary key (district_id, student_id, guardian_id),
      foreign key (district_id, student_id) references users (district_id, id),
      foreign key (district_id, guardian_id) references users (district_id, id)
    )`)
    for (const table of ['translations', 'translation_usage', 'translation_refusals']) {
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
    this.addSql('create policy sweeper_select on translations for select to hallpass_sweeper using (true)')
    this.addSql('create policy oncall_select on translations for select to hallpass_oncall using (true)')
    this.addSql(`create policy oncall_replays on translations as restrictive for update to hallpass_oncall
      using (state in ('failed', 'pending')) with check (state = 'pending')`)
    this.addSql('alter table events drop constraint events_kind_check')
    this
      .addSql(`alter table events add constraint events_kind_check check (kind in ('channel.opened', 'channel.posting', 'channel.read', 'channel.ended',
      'message.posted', 'message.hidden', 'message.unhidden', 'message.withdrawn', 'message.translated', 'attachment.changed',
      'announcement.posted', 'announcement.hidden', 'announcement.unhidden', 'announcement.withdrawn', 'announcement.read', 'announcement.translated',
      'notice.added', 'notice.seen'))`)
  }
}
