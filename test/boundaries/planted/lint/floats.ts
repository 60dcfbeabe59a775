const send = async (): Promise<void> => {}

export const forgets = (): void => {
  send()
}
