import { clean, contentTypes, type CorpusFile } from './corpusFile.ts'
import { makePhoto } from './makeImage.ts'
import { makeDocx, makeOpenDocument, makePptx, makeXlsx } from './makeOffice.ts'
import { makePicturePdf, makeTextPdf } from './makePdf.ts'

const document = { journey: 'upload', expected: clean } as const

const grades = [
  ['Quiz', 'Points'],
  ['Fractions', 18],
  ['Decimals', 20],
] as const

/** Worksheets, letters, slides: what a school sends all day. */
export const listDocuments = (): CorpusFile[] => [
  {
    name: 'Worksheet 7.pdf',
    contentType: contentTypes.pdf,
    by: 'teacher',
    ...document,
    make: () => makeTextPdf('Fractions', ['1. Shade three quarters.', '2. Which is more: 2/3 or 3/5?', '3. Draw your own.']),
  },
  {
    name: 'Reading packet.pdf',
    contentType: contentTypes.pdf,
    by: 'teacher',
    ...document,
    make: () => makeTextPdf('The Lighthouse', Array<string>(30).fill('The lamp turned, and the sea answered with a line of light.'), 40),
  },
  {
    name: 'Autorización.pdf',
    contentType: contentTypes.pdf,
    by: 'guardian',
    ...document,
    make: () => makeTextPdf('Autorización', ['Doy permiso a mi hija para la excursión del jueves.', 'Teléfono: 202-555-0142']),
  },
  {
    name: 'scan of homework.pdf',
    contentType: contentTypes.pdf,
    by: 'student',
    ...document,
    make: async () => makePicturePdf(await makePhoto('jpeg', { width: 1000, height: 800 }, 60)),
  },
  {
    name: 'My essay.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...document,
    make: () =>
      makeDocx([
        'Why frogs sing',
        'Frogs sing to be found. In spring the pond behind our school is loud.',
        'Émile & José counted <40> in one night.',
      ]),
  },
  {
    name: '作文.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...document,
    make: () => makeDocx(['我的周末', '星期六我和奶奶一起包饺子。', '星期天我们去公园放风筝。']),
  },
  { name: 'gradebook.xlsx', contentType: contentTypes.xlsx, by: 'teacher', ...document, make: () => makeXlsx(grades) },
  {
    name: 'volcano talk.pptx',
    contentType: contentTypes.pptx,
    by: 'student',
    ...document,
    make: () => makePptx(['Volcanoes', 'What is magma?', 'Thank you']),
  },
  {
    name: 'letter.odt',
    contentType: contentTypes.odt,
    by: 'guardian',
    ...document,
    make: () => makeOpenDocument('odt', 'Layla is at the dentist on Monday.'),
  },
  {
    name: 'budget.ods',
    contentType: contentTypes.ods,
    by: 'teacher',
    ...document,
    make: () => makeOpenDocument('ods', 'Bus, 120 dollars'),
  },
  { name: 'assembly.odp', contentType: contentTypes.odp, by: 'teacher', ...document, make: () => makeOpenDocument('odp', 'Welcome back') },
]
