import { log } from '@temporalio/activity'
import { SmsRefused } from '../clients/awsSmsSender.ts'
import type { Sms, SmsSender } from '../domain/ports.ts'

/** Sends one text message. Answers false when the number takes none, ever; rejects when it may later. */
export const smsOnce = async (smsSender: SmsSender, sms: Sms): Promise<boolean> => {
  try {
    await smsSender.send(sms)
    return true
  } catch (error) {
    if (!(error instanceof SmsRefused)) throw error
    log.warn('the number takes no text message', { answer: error.message })
    return false
  }
}
