import sharp, { type Sharp } from 'sharp'

/** Written into the metadata beside the coordinates, so that a test can see whether metadata survived. */
export const imagePrivateMark = 'hallpass-demo-home-address'

const gpsExif = {
  IFD0: { ImageDescription: imagePrivateMark, Make: 'Demo', Model: 'Camera of a family' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '35/1 10/1 1234/100',
    GPSLongitudeRef: 'W',
    GPSLongitude: '101/1 50/1 4321/100',
  },
}

type Size = { width: number; height: number }

/** A gradient with a grid: compresses like a photo's sky, and shows when it is turned. */
const draw = ({ width, height }: Size, hue: number): Sharp => {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3
      const line = x % 32 === 0 || y % 32 === 0 ? 60 : 0
      pixels[at] = (x * 255) / width
      pixels[at + 1] = (y * 255) / height
      pixels[at + 2] = (hue + line) % 256
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

export const makePhoto = (format: 'jpeg' | 'png' | 'webp', size: Size, hue: number): Promise<Buffer> =>
  draw(size, hue).withExif(gpsExif).toFormat(format).toBuffer()

/** A photo held upright on a phone: the pixels lie on their side and EXIF says so. */
export const makeTurnedPhoto = (size: Size): Promise<Buffer> =>
  draw(size, 90).withExif(gpsExif).withMetadata({ orientation: 6 }).jpeg().toBuffer()

export const makePlainPicture = (format: 'jpeg' | 'png' | 'webp', size: Size, hue: number): Promise<Buffer> =>
  draw(size, hue).toFormat(format).toBuffer()

/** Three frames, with a comment block (which GIF has in place of EXIF) that carries the private mark. */
export const makeAnimation = async (size: Size): Promise<Buffer> => {
  const frames = await Promise.all([20, 120, 220].map((hue) => draw(size, hue).png().toBuffer()))
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [120, 120, 120], loop: 0 })
    .toBuffer()
  const text = Buffer.from(`${imagePrivateMark} 35.1701,-101.8453`)
  const comment = Buffer.concat([Buffer.from([0x21, 0xfe, text.length]), text, Buffer.from([0])])
  return Buffer.concat([gif.subarray(0, -1), comment, gif.subarray(-1)])
}

export const makeTruncatedJpeg = async (size: Size): Promise<Buffer> => {
  const whole = await makePhoto('jpeg', size, 30)
  return whole.subarray(0, Math.floor(whole.length / 2))
}

/** Half a megabyte at most, which decodes to 64 million pixels. */
export const makePixelFlood = (): Promise<Buffer> =>
  sharp({ create: { width: 8_000, height: 8_000, channels: 3, background: '#204060' }, limitInputPixels: false })
    .toColourspace('b-w')
    .png({ compressionLevel: 9, palette: false })
    .toBuffer()
