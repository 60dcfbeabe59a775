import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { createSmtpMailer } from '../../clients/smtpMailer.ts'
import { mailsTo } from '../support/sinks.ts'

const from = 'no-reply@hallpass.example'
const recipient = { districtId: randomUUID(), userId: randomUUID() }
const open: { close(): void }[] = []
afterEach(() => open.splice(0).forEach((server) => server.close()))

/** A server that answers one command with `answer` and takes everything else. */
const startServer = async (answer: string, command = 'RCPT') => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.write('220 ready\r\n')
    socket.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean))
        socket.write(`${line.startsWith(command) ? answer : '250 ok'}\r\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `smtp://127.0.0.1:${address.port}`
}

describe('a mail', () => {
  test('arrives whole, at one person, as plain text', async () => {
    const { smtp, web } = inject('stack').mail
    const subject = `A file you sent ${randomUUID()} 🎒`
    await createSmtpMailer({ url: smtp, from }).send({ id: 'test', to: 'someone@example.org', subject, text: 'Grüße\n.\nend', recipient })
    const find = async () => {
      const mails = (await (await fetch(`${web}/api/email`)).json()) as {
        subject: string
        text: string
        to: { address: string }[]
        html?: string
      }[]
      return mails.find((mail) => mail.subject === subject)
    }
    await expect.poll(find).toMatchObject({ to: [{ address: 'someone@example.org' }], text: expect.stringContaining('Grüße\n.\nend') })
  })
  test('sent twice carries one Message-ID, so that a mailbox can see that it is one', async () => {
    const to = `${randomUUID()}@example.org`
    const id = `attachment.${randomUUID()}.refused`
    const mailer = createSmtpMailer({ url: inject('stack').mail.smtp, from })
    for (let time = 0; time < 2; time += 1) await mailer.send({ id, to, subject: 's', text: 't', recipient })
    await expect
      .poll(async () => (await mailsTo(to)).map(({ headers }) => headers['message-id']))
      .toEqual(Array(2).fill(`<${id}@hallpass.example>`))
  })
  test.each(['a@example.org, b@example.org', 'a@example.org\r\nBcc: b@example.org', 'Name <a@example.org>', '', 'nobody'])(
    'to anything but one address is not sent: %j',
    async (to) => {
      await expect(
        createSmtpMailer({ url: 'smtp://127.0.0.1:1', from }).send({ id: 'test', to, subject: 's', text: 't', recipient }),
      ).rejects.toMatchObject({
        name: 'MailRefused',
      })
    },
  )
  test('that is refused for good says so, and not to whom it went', async () => {
    const url = await startServer('550 no mailbox for someone@example.org')
    const error = await createSmtpMailer({ url, from })
      .send({ id: 'test', to: 'someone@example.org', subject: 's', text: 't', recipient })
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'MailRefused' })
    expect(`${String(error)} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`).not.toContain('someone')
  })
  test.each([
    ['530 authentication required', 'MAIL'],
    ['550 sender refused', 'MAIL'],
    ['554 relay denied', 'MAIL'],
    ['554 no mail today', 'DATA'],
  ])('that is refused for our own fault is not lost: %s to %s can be tried again, and says where', async (answer, command) => {
    const url = await startServer(answer, command)
    const error = await createSmtpMailer({ url, from })
      .send({ id: 'test', to: 'someone@example.org', subject: 's', text: 't', recipient })
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'MailUnavailable', code: expect.stringMatching(/^[A-Z0-9_]+$/) })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('someone')
  })
  test('that is refused for now can be tried again', async () => {
    const url = await startServer('451 try later')
    await expect(
      createSmtpMailer({ url, from }).send({ id: 'test', to: 'a@example.org', subject: 's', text: 't', recipient }),
    ).rejects.toMatchObject({
      name: 'MailUnavailable',
    })
  })
  test('to a server that is not there can be tried again', async () => {
    const mailer = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from })
    await expect(mailer.send({ id: 'test', to: 'a@example.org', subject: 's', text: 't', recipient })).rejects.toMatchObject({
      name: 'MailUnavailable',
    })
  })
})
