import { Migration } from '@mikro-orm/migrations'

const ownDistrict = `district_id = nullif(current_setting('app.district_id', true), '')::uuid`

/** What became of the question whether somebody means to post a text, the words that a district adds, and which messages were posted all the same. */
export class AddNudges extends Migration {
  override up(): void {
    this.addSql('alter table messages add column was_nudged boolean not null default false')
    this.addSql('create index messages_nudged on messages (district_id, channel_id) where was_nudged')
    this.addSql(`create table nudge_counts (
      district_id uuid not null,
      day date not null,
      outcome text not null check (outcome in ('nudged', 'revised', 'posted-anyway')),
      count int not null,
      primary key (district_id, day, outcome)
    )`)
    this.addSql(`create table district_words (
      district_id uuid not null,
      language text not null,
      term text not null,
      kind text not null check (kind in ('nudge', 'self-harm', 'abuse', 'threat', 'grooming')),
      primary key (district_id, language, term)
    )`)
    for (const table of ['nudge_counts', 'district_words']) {
      this.addSql(`alter table ${table} add foreign key (district_id) references districts (id)`)
      this.addSql(`alter table ${table} enable row level security`)
      this.addSql(`alter table ${table} force row level security`)
      this.addSql(`create policy own_district on ${table} using (${ownDistrict}) with check (${ownDistrict})`)
    }
  }
}
