/** As the provider bills: Unicode code points of what is sent. */
export const countCharacters = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}
