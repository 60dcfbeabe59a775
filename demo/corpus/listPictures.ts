import { clean, contentTypes, type CorpusFile } from './corpusFile.ts'
import { imagePrivateMark, makeAnimation, makePhoto, makePlainPicture, makeTurnedPhoto } from './makeImage.ts'
import { makeEditedPhoto } from './makeTagged.ts'

const photo = { journey: 'upload', expected: clean, privateMark: imagePrivateMark } as const
const picture = { journey: 'upload', expected: clean } as const

/** Photos that say where they were taken, and pictures that say nothing. */
export const listPictures = (): CorpusFile[] => [
  {
    name: 'field trip.jpg',
    contentType: contentTypes.jpeg,
    by: 'teacher',
    ...photo,
    make: () => makePhoto('jpeg', { width: 1600, height: 1200 }, 40),
  },
  {
    name: 'IMG_2041.JPG',
    contentType: contentTypes.jpeg,
    by: 'student',
    ...photo,
    make: () => makePhoto('jpeg', { width: 2400, height: 1800 }, 80),
  },
  {
    name: 'held upright.jpeg',
    contentType: contentTypes.jpeg,
    by: 'student',
    ...photo,
    make: () => makeTurnedPhoto({ width: 1200, height: 800 }),
  },
  {
    name: 'whiteboard.png',
    contentType: contentTypes.png,
    by: 'teacher',
    ...photo,
    make: () => makePhoto('png', { width: 900, height: 600 }, 10),
  },
  {
    name: 'science poster.webp',
    contentType: contentTypes.webp,
    by: 'student',
    ...photo,
    make: () => makePhoto('webp', { width: 1000, height: 1400 }, 150),
  },
  {
    name: 'plant growing.gif',
    contentType: contentTypes.gif,
    by: 'student',
    ...photo,
    make: () => makeAnimation({ width: 120, height: 90 }),
  },
  {
    name: 'our kitchen garden.jpg',
    contentType: contentTypes.jpeg,
    by: 'guardian',
    ...photo,
    make: () => makePhoto('jpeg', { width: 800, height: 800 }, 200),
  },
  {
    name: 'yearbook, edited.jpg',
    contentType: contentTypes.jpeg,
    by: 'teacher',
    ...photo,
    make: () => makeEditedPhoto({ width: 400, height: 300 }),
  },
  {
    name: 'logo.png',
    contentType: contentTypes.png,
    by: 'teacher',
    ...picture,
    make: () => makePlainPicture('png', { width: 64, height: 64 }, 5),
  },
  {
    name: 'one pixel.png',
    contentType: contentTypes.png,
    by: 'student',
    ...picture,
    make: () => makePlainPicture('png', { width: 1, height: 1 }, 5),
  },
  {
    name: 'map.webp',
    contentType: contentTypes.webp,
    by: 'teacher',
    ...picture,
    make: () => makePlainPicture('webp', { width: 640, height: 480 }, 77),
  },
]
