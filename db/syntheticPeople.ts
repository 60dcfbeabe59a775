/** The teacher, the student and their channel in the operations district, who send the test virus. Seeded by a migration; nobody real shares a district with them. */
export const syntheticPeople = {
  teacherId: '00000000-0000-7000-8000-000000000011',
  studentId: '00000000-0000-7000-8000-000000000012',
  channelId: '00000000-0000-7000-8000-000000000013',
} as const
