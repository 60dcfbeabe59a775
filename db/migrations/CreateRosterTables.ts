import { Migration } from '@mikro-orm/migrations'

/** The roster: districts, schools, terms, courses, sections, users, enrollments, guardianships. */
export class CreateRosterTables extends Migration {
  override up(): void {
    this.addSql(`create table districts (
      id uuid not null,
      kind text not null,
      name text not null,
      time_zone text not null,
      roster_version bigint not null default '0',
      upload_bytes_max int not null default 52428800,
      created_at timestamptz not null default now(),
      primary key (id)
    )`)
    this.addSql(`alter table districts
      add constraint districts_kind_check check (kind in ('district', 'operations'))`)
    this.addSql(`alter table districts
      add constraint districts_upload_bytes_max_check check (upload_bytes_max >= 1 and upload_bytes_max <= 99614720)`)
    this.addSql(`create table schools (
      district_id uuid not null,
      id uuid not null,
      sourced_id text not null,
      name text not null,
      primary key (district_id, id)
    )`)
    this.addSql(`alter table schools add constraint schools_sourced_id_unique unique (district_id, sourced_id)`)
    this.addSql(`create table terms (
      district_id uuid not null,
      id uuid not null,
      sourced_id text not null,
      title text not null,
      begins date not null,
      ends date not null,
      school_year int not null,
      primary key (district_id, id)
    )`)
    this.addSql(`alter table terms add constraint terms_sourced_id_unique unique (district_id, sourced_id)`)
    this.addSql(`create table courses (
      district_id uuid not null,
      id uuid not null,
      sourced_id text not null,
      title text not null,
      code text,
      primary key (district_id, id)
    )`)
    this.addSql(`alter table courses add constraint courses_sourced_id_unique unique (district_id, sourced_id)`)
    this.addSql(`create table sections (
      district_id uuid not null,
      id uuid not null,
      sourced_id text not null,
      school_id uuid not null,
      course_id uuid not null,
      term_id uuid not null,
      title text not null,
      primary key (district_id, id)
    )`)
    this.addSql(`alter table sections add constraint sections_sourced_id_unique unique (district_id, sourced_id)`)
    this.addSql(`create table users (
      district_id uuid not null,
      id uuid not null,
      sourced_id text not null,
      role text not null,
      given_name text not null,
      family_name text not null,
      email bytea,
      email_hash bytea,
      phone bytea,
      phone_hash bytea,
      preferred_language text not null default 'en',
      is_active boolean not null default true,
      primary key (district_id, id)
    )`)
    this.addSql(`create index users_email_hash on users (district_id, email_hash) where email_hash is not null`)
    this.addSql(`create index users_phone_hash on users (district_id, phone_hash) where phone_hash is not null`)
    this.addSql(`alter table users add constraint users_sourced_id_unique unique (district_id, sourced_id)`)
    this.addSql(`alter table users
      add constraint users_role_check check (role in ('teacher', 'student', 'guardian', 'aide', 'administrator'))`)
    this.addSql(`create table enrollments (
      district_id uuid not null,
      id uuid not null,
      sourced_id text not null,
      user_id uuid not null,
      section_id uuid not null,
      role text not null,
      begins date not null,
      ends date,
      since_version bigint not null,
      until_version bigint,
      primary key (district_id, id)
    )`)
    this.addSql(
      `create index enrollments_of_user on enrollments (district_id, user_id, role, section_id, begins, ends) where until_version is null`,
    )
    this.addSql(
      `create index enrollments_of_section on enrollments (district_id, section_id, role, user_id, begins, ends) where until_version is null`,
    )
    this.addSql(`create unique index enrollments_current_sourced_id on enrollments (district_id, sourced_id) where until_version is null`)
    this.addSql(`alter table enrollments
      add constraint enrollments_role_check check (role in ('teacher', 'student', 'aide'))`)
    this.addSql(`create table guardianships (
      district_id uuid not null,
      id uuid not null,
      guardian_id uuid not null,
      student_id uuid not null,
      relation text not null,
      custody text not null,
      begins date not null,
      ends date,
      since_version bigint not null,
      until_version bigint,
      primary key (district_id, id)
    )`)
    this.addSql(`create index guardianships_of_student on guardianships (district_id, student_id, guardian_id) where until_version is null`)
    this.addSql(
      `create unique index guardianships_current_pair on guardianships (district_id, guardian_id, student_id) where until_version is null`,
    )
    this.addSql(`alter table guardianships
      add constraint guardianships_custody_check check (custody in ('permitted', 'denied', 'unknown'))`)
  }
}
