/** How much is measured. */
export type MessagingSize = {
  /** Posts of one client, one after the other, of each side in each round. */
  posts: number
  /** Clients that post at once, and for how many seconds, of each side in each round. */
  clients: number
  seconds: number
  rounds: number
  /** Messages of the database when lists are first timed, and when they are timed again. */
  few: number
  many: number
  /** Lists, and pages of history, of each kind. */
  reads: number
  /** Students of the small section and of the large one, and announcements to each. */
  small: number
  large: number
  announcements: number
  /** Clients that listen at once, and announcements that they hear of. */
  streams: number
  announced: number
}

export const fullMessaging: MessagingSize = {
  posts: 300,
  clients: 16,
  seconds: 4,
  rounds: 5,
  few: 10_000,
  many: 2_000_000,
  reads: 300,
  small: 30,
  large: 3_000,
  announcements: 200,
  streams: 200,
  announced: 20,
}
export const quickMessaging: MessagingSize = {
  posts: 10,
  clients: 4,
  seconds: 0.5,
  rounds: 2,
  few: 1_000,
  many: 5_000,
  reads: 10,
  small: 3,
  large: 30,
  announcements: 5,
  streams: 5,
  announced: 2,
}
