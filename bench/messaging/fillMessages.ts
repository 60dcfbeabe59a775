import type { MessagingWorld } from './messagingWorld.ts'

/**
 * Brings the district to `count` messages: a hundred each in channels between people whom nothing connects any more, in the same tables. Nobody reads them, so
 * what stands in their bodies was never sealed.
 */
export const fillMessages = async ({ superuser, districtId, teacherId }: MessagingWorld, count: number): Promise<void> => {
  const { rows } = await superuser.query<{ count: string }>('select count(*) as count from messages where district_id = $1', [districtId])
  const missing = Math.max(0, Math.ceil((count - Number(rows[0]?.count)) / 100))
  await superuser.query(
    `with opened as (
       insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year, last_seq, last_message_at)
       select $1, uuidv7(), $2, learner.id, learner.id, 1900 + n % 90, 100, now() - interval '1 year'
       from (select id, row_number() over (order by id) - 1 as place, count(*) over () as all_of from users where district_id = $1 and role = 'student') learner
       join generate_series(0, $3::int - 1) n on n % learner.all_of = learner.place
       on conflict do nothing
       returning id)
     insert into messages (district_id, channel_id, seq, id, author_id, body, created_at)
     select $1, opened.id, seq, uuidv7(), $2, sha256(opened.id::text::bytea) || sha256(seq::text::bytea), now() - interval '1 year'
     from opened cross join generate_series(1, 100) seq`,
    [districtId, teacherId, missing],
  )
  await superuser.query('vacuum analyze messages, channels')
}
