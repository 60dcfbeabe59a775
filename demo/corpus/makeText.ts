/** Notes home, in the languages of the district's families. */
export const notes = {
  'Spanish permission slip.txt':
    'Queridas familias: el jueves visitamos el museo de ciencias. Los niños necesitan su almuerzo, agua y un abrigo. ¿Alguien puede acompañarnos?\n',
  'ملاحظة للوالدين.txt': 'أولياء الأمور الكرام، لدينا اجتماع يوم الثلاثاء في الساعة السادسة مساءً في مكتبة المدرسة. نرحب بكم جميعًا.\n',
  '家长通知.txt': '各位家长：下周一请让孩子带一本喜欢的书来学校，我们会一起朗读。谢谢！\n',
  'Thư gửi phụ huynh.txt':
    'Kính gửi quý phụ huynh, lớp chúng tôi sẽ trồng cây trong vườn trường vào sáng thứ Sáu. Xin cho các em mang giày cũ.\n',
  'Nòt pou fanmi yo.txt': 'Chè fanmi, demen lekòl la ap fini bonè, a midi. Tanpri vin chèche timoun yo oswa di nou si yo pran otobis.\n',
  'Записка родителям.txt': 'Дорогие родители! В пятницу ребята покажут свои опыты по физике. Приходите к трём часам в большой зал.\n',
  'Ogeysiis waalid.txt':
    'Waalidiinta sharafta leh, berri ardaydu waxay booqan doonaan maktabadda magaalada. Fadlan u soo dira kaarka maktabadda.\n',
  'ለወላጆች.txt': 'ውድ ወላጆች፣ ረቡዕ ከሰዓት በኋላ የሒሳብ ድጋፍ ክፍል ይጀምራል። ልጆቻችሁ እርሳስና ደብተር ይያዙ።\n',
  'अभिभावक सूचना.txt': 'प्रिय अभिभावक, शनिवार को विद्यालय में विज्ञान मेला है। बच्चे अपना बनाया हुआ मॉडल साथ लाएँ।\n',
  '학부모님께.txt': '학부모님께, 수요일에는 체육복을 입혀 보내 주세요. 운동장에서 달리기를 합니다.\n',
  '🎉 party 🎂.txt': 'Class party on Friday 🎉 Bring a snack to share 🥕🍎 (no nuts, please 🥜🚫). 👩🏽‍🏫👨‍👩‍👧‍👦\n',
  'Família.txt': 'Querida família, a apresentação de música será às dezenove horas. Cheguem um pouco antes, por favor!\n',
} as const

export const makeNote = (name: keyof typeof notes): Buffer => Buffer.from(notes[name], 'utf8')

/** A spelling list of about this many bytes. */
export const makeLongText = (bytes: number): Buffer => {
  const words = ['lantern', 'harbor', 'measure', 'whisper', 'orchard', 'compass', 'thunder', 'blanket']
  const lines: string[] = []
  for (let length = 0, number = 1; length < bytes; number += 1) {
    const line = `${number}. ${words[number % words.length]} ${words[(number * 3) % words.length]}`
    lines.push(line)
    length += line.length + 1
  }
  return Buffer.from(`${lines.join('\n')}\n`)
}

export const makeGradesCsv = (rows: number): Buffer => {
  const lines = Array.from(
    { length: rows },
    (_, row) => `Quiz ${row + 1},"Unit ${Math.floor(row / 4) + 1}, part ${(row % 4) + 1}",${60 + ((row * 7) % 41)}`,
  )
  return Buffer.from(`title,unit,points\r\n${lines.join('\r\n')}\r\n`)
}

/** With a byte-order mark, as spreadsheets save it. */
export const makeCsvWithMark = (): Buffer => Buffer.from('\uFEFFnombre,año,niñez\r\nMaría,2019,sí\r\n')

/** Latin-1, which is not UTF-8: every accent is an invalid byte. */
export const makeLatin1Text = (): Buffer => Buffer.from('Excursión: mañana después de las dos. ¡Traigan agua!\n', 'latin1')
