import { clean, contentTypes, type CorpusFile } from './corpusFile.ts'
import { makeM4a, makeMp3, makeMp4, mediaPrivateMark } from './makeMedia.ts'
import { makeEditedMp4, makeTaggedMp3 } from './makeTagged.ts'
import { makeCsvWithMark, makeGradesCsv, makeLongText, makeNote, notes } from './makeText.ts'

const text = { contentType: contentTypes.txt, journey: 'upload', expected: clean } as const
const recording = { journey: 'upload', expected: clean, privateMark: mediaPrivateMark } as const

/** Notes in many scripts, lists, and recordings that say where they were made. */
export const listTexts = (): CorpusFile[] => [
  ...(Object.keys(notes) as (keyof typeof notes)[]).map((name, index): CorpusFile => ({
    name,
    by: index % 3 === 2 ? 'guardian' : 'teacher',
    ...text,
    make: async () => makeNote(name),
  })),
  { name: 'spelling list.txt', by: 'teacher', ...text, make: async () => makeLongText(200_000) },
  { name: 'quiz points.csv', by: 'teacher', ...text, contentType: contentTypes.csv, make: async () => makeGradesCsv(120) },
  { name: 'alumnos.csv', by: 'teacher', ...text, contentType: contentTypes.csv, make: async () => makeCsvWithMark() },
  { name: 'reading aloud.mp3', contentType: contentTypes.mp3, by: 'student', ...recording, make: async () => makeMp3(200) },
  { name: 'violin practice.m4a', contentType: contentTypes.m4a, by: 'student', ...recording, make: async () => makeM4a(400) },
  { name: 'science fair.mp4', contentType: contentTypes.mp4, by: 'guardian', ...recording, make: async () => makeMp4(600) },
  { name: 'science fair, edited.mp4', contentType: contentTypes.mp4, by: 'student', ...recording, make: async () => makeEditedMp4(300) },
  { name: 'school song.mp3', contentType: contentTypes.mp3, by: 'teacher', ...recording, make: async () => makeTaggedMp3(150) },
]
