/** Characters that everybody uses every day and that the two ways of writing Chinese write differently; the same place is the same character. */
const traditional: ReadonlySet<string> = new Set(
  '們個這來說時會學沒對還為長過發現點問開樣經與從後見話頭門聽讓謝師電書題樂課帶請須應該當動實將場車東間關飯買錢給業習氣親愛歲兒媽聯紙訊週節寫讀覺麼嗎誰幫賣醫遲歡運語',
)
const simplified: ReadonlySet<string> = new Set(
  '们个这来说时会学没对还为长过发现点问开样经与从后见话头门听让谢师电书题乐课带请须应该当动实将场车东间关饭买钱给业习气亲爱岁儿妈联纸讯周节写读觉么吗谁帮卖医迟欢运语',
)

const count = (text: string, characters: ReadonlySet<string>): number =>
  Array.from(text).filter((character) => characters.has(character)).length

/** Null when the text has no character that tells. */
export const isTraditionalChinese = (text: string): boolean | null => {
  const [ofOne, ofOther] = [count(text, traditional), count(text, simplified)]
  return ofOne === ofOther ? null : ofOne > ofOther
}
