import type { RefusalCode } from '../domain/refusal.ts'

/** The stable codes a client may branch on. */
export type ProblemCode = RefusalCode | 'internal-error'

/** What each code is called and what it means to the one who reads it; the pages under /problems show the same. */
export const problemTitles = {
  'not-found': {
    title: 'Not found',
    meaning: 'It does not exist, or the roster does not let you see it. The two are not told apart.',
  },
  'not-allowed': { title: 'Not allowed', meaning: 'You may know of it, but this act is not yours.' },
  'not-signed-in': { title: 'Not signed in', meaning: 'Send a valid session token as "Authorization: Bearer …".' },
  'invalid-input': { title: 'Invalid input', meaning: 'A field does not fit; errors names each one. Nothing was changed.' },
  'malformed-body': { title: 'Malformed body', meaning: 'The body is not JSON. Nothing was changed.' },
  'method-not-allowed': {
    title: 'Method not allowed',
    meaning: 'The address exists, but not for this method. Allow names those it knows.',
  },
  'state-conflict': { title: 'State conflict', meaning: 'It is in a state from which this act does not start.' },
  'idempotency-key-reused': {
    title: 'Idempotency key reused',
    meaning: 'The same Idempotency-Key came with another request. Use a new key for a new request.',
  },
  'idempotency-in-progress': {
    title: 'Idempotent request in progress',
    meaning: 'A request with this Idempotency-Key is being worked on. Repeat it in a moment.',
  },
  'event-id-reused': {
    title: 'Event id reused',
    meaning: 'An event of the same id came with another record, action or time. Make a new id for a new event.',
  },
  'message-id-reused': {
    title: 'Message id reused',
    meaning: 'Another message has this id. Make a new id for a new message.',
  },
  'terms-not-accepted': {
    title: 'Terms of use not accepted',
    meaning: 'Read GET /v1/terms-of-use, accept it with PUT /v1/me/terms-of-use, and send the same again. Reading never depends on it.',
  },
  'terms-not-published': {
    title: 'No terms of use',
    meaning:
      'People write under terms of use that they have accepted, and the district has published none. POST /v1/districts/{districtId}/terms-of-use first, and send the same again.',
  },
  'posting-paused': {
    title: 'Posting is paused',
    meaning: 'The teacher paused this channel: others can read it, and post when it is open again.',
  },
  'posting-closed': {
    title: 'Posting is closed',
    meaning: 'The teacher closed this channel: it can be read, and the teacher can open it again.',
  },
  'translation-refused': {
    title: 'Translation refused',
    meaning: 'A guardian of the student refuses translations of what is written with them or about them. Read the original.',
  },
  'translation-budget-exhausted': {
    title: 'No translations left this month',
    meaning: 'The district has had as much translated this month as it has agreed to. Read the original, or come back next month.',
  },
  'translation-impossible': {
    title: 'No translation',
    meaning: 'It is in that language already, or cannot be translated into it. Read the original.',
  },
  'translation-unavailable': {
    title: 'Translations are unavailable',
    meaning: 'The translator gives no answer, or there is none here. Read the original, and ask again after Retry-After.',
  },
  'file-type-not-allowed': {
    title: 'File type not allowed',
    meaning: 'Files of this type cannot be sent. GET /v1/upload-limits lists those that can.',
  },
  'file-too-large': {
    title: 'File too large',
    meaning: 'The file is larger than the district allows. GET /v1/upload-limits names the limit.',
  },
  'body-too-large': { title: 'Body too large', meaning: 'The request body is larger than 1 MiB.' },
  'unsupported-media-type': { title: 'Unsupported media type', meaning: 'Send the body as application/json.' },
  'range-not-satisfiable': { title: 'Range not satisfiable', meaning: 'The range lies outside the file; Content-Range names its size.' },
  'origin-not-allowed': { title: 'Origin not allowed', meaning: 'Pages of this origin may not change anything here.' },
  'too-many-streams': { title: 'Too many streams', meaning: 'You already follow as many streams of events as one person may.' },
  'person-upload-quota': {
    title: 'Your upload quota is used up',
    meaning:
      'One person may send so many files, and so many bytes, in a day. Room grows by the minute; Retry-After says when this file fits.',
  },
  'person-translation-quota': {
    title: 'Your quota of translations is used up',
    meaning:
      'One person may ask for so many translations in a day that were not there; those that are there can be read. Room grows by the minute; Retry-After says when one more fits.',
  },
  'district-upload-quota': {
    title: "The district's upload quota is used up",
    meaning: 'All people of a district together may send so much in a day. Room grows by the minute; Retry-After says when this file fits.',
  },
  'too-many-uploads-in-flight': {
    title: 'Too many uploads at once',
    meaning: 'So many tickets and scans may be open at a time. Finish or delete some, or come back after Retry-After.',
  },
  'uploads-paused': {
    title: 'Uploads are paused',
    meaning: 'Files are checked more slowly than they arrive. Messages can be sent; come back with the file after Retry-After.',
  },
  'roster-busy': {
    title: 'Roster busy',
    meaning:
      'Another change of this roster is being applied. Nothing was done: send the same again after Retry-After, an event under the same id.',
  },
  'try-again': {
    title: 'Try again',
    meaning:
      'The service is busy or a part of it is away. It may have happened all the same: repeat the request with the same Idempotency-Key, or the same id.',
  },
  'internal-error': { title: 'Internal error', meaning: 'Something broke on our side.' },
} as const satisfies Record<ProblemCode, { title: string; meaning: string }>
