/**
 * Common given and family names by the language of the home. People of the sample district are
 * random combinations of them; none is meant to be anybody.
 */
export type NameList = {
  /** BCP 47, the language the household prefers to read. */
  language: string
  /** How many of a hundred households. */
  share: number
  given: readonly string[]
  family: readonly string[]
}

export const nameLists = [
  {
    language: 'en',
    share: 44,
    given: [
      'Ava',
      'Noah',
      'Harper',
      'Liam',
      'Maya',
      'Ethan',
      'Rose',
      'Caleb',
      'Imani',
      'Jordan',
      'Ruby',
      'Owen',
      'Naomi',
      'Tyrese',
      'Siobhán',
      'Wren',
    ],
    family: [
      'Walker',
      'Bennett',
      'Carter',
      'Hughes',
      'Freeman',
      "O'Neill",
      'Whitfield',
      'Banks',
      'Van Dyke',
      'Lowe',
      'Smith-Reyes',
      'Begay',
      'McAllister',
      'Booker',
    ],
  },
  {
    language: 'es',
    share: 24,
    given: ['Sofía', 'Mateo', 'Valentina', 'Diego', 'Camila', 'Joaquín', 'Ximena', 'Andrés', 'Lucía', 'Ángel', 'Itzel', 'Raúl'],
    family: ['García López', 'Hernández', 'Núñez', 'Ramírez Ortiz', 'Peña', 'Castillo', 'Muñoz', 'Delgado', 'Ibáñez', 'Xicoténcatl'],
  },
  {
    language: 'zh',
    share: 5,
    given: ['子涵', '浩然', '欣怡', '明', '美玲', '志强', '小雨', '建国'],
    family: ['王', '李', '张', '陈', '欧阳', '黄', '林'],
  },
  {
    language: 'vi',
    share: 4,
    given: ['Minh Anh', 'Đức', 'Thảo', 'Hùng', 'Ngọc Lan', 'Quốc Bảo', 'Phượng'],
    family: ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Đặng', 'Bùi'],
  },
  {
    language: 'ar',
    share: 4,
    given: ['محمد', 'فاطمة', 'يوسف', 'ليلى', 'عمر', 'نور', 'خديجة'],
    family: ['الحسن', 'منصور', 'العلي', 'حداد', 'عبد الله', 'سليمان'],
  },
  {
    language: 'ht',
    share: 3,
    given: ['Wideline', 'Jean-Rony', 'Mirlande', 'Stevenson', 'Fabiola', 'Woodley'],
    family: ['Jean-Baptiste', 'Désir', 'Pierre-Louis', 'Étienne', 'Toussaint'],
  },
  {
    language: 'ru',
    share: 3,
    given: ['Анастасия', 'Дмитрий', 'Ольга', 'Фёдор', 'Мария', 'Артём'],
    family: ['Иванов', 'Кузнецова', 'Соловьёв', 'Морозова', 'Щербаков'],
  },
  {
    language: 'so',
    share: 3,
    given: ['Hodan', 'Abdirahman', 'Ayaan', 'Ilhaan', 'Cabdi', 'Sagal'],
    family: ['Warsame', 'Nuur', 'Cali', 'Jaamac', 'Faarax'],
  },
  {
    language: 'hi',
    share: 3,
    given: ['आरव', 'प्रिया', 'Rohan', 'अनन्या', 'Kavya', 'विजय'],
    family: ['शर्मा', 'Patel', 'गुप्ता', 'Singh', 'Iyer'],
  },
  {
    language: 'ko',
    share: 2,
    given: ['서연', '민준', '지우', '하은', '도윤'],
    family: ['김', '이', '박', '최', '정'],
  },
  {
    language: 'am',
    share: 2,
    given: ['ሰላም', 'ዳዊት', 'ሄለን', 'አበበ', 'ማርታ'],
    family: ['ተስፋዬ', 'ከበደ', 'ግርማ', 'አለሙ'],
  },
  {
    language: 'pt',
    share: 2,
    given: ['Thaís', 'João', 'Luíza', 'Gonçalo', 'Antônia'],
    family: ['da Silva', 'Araújo', 'Conceição', 'dos Santos'],
  },
  {
    language: 'yo',
    share: 1,
    given: ['Adébáyọ̀', 'Ọlámidé', 'Títílayọ̀', 'Ìyábọ̀'],
    family: ['Ọdúyẹmí', 'Akíndélé', 'Ṣóyínká'],
  },
] as const satisfies NameList[]
