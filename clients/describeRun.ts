/** What the Temporal UI says of a run for as long as it is remembered. Ids only (law 7); it goes through the codec like every payload. */
export type RunDescription = { summary: string; details: string }

type DescribedRun = {
  type: string
  districtId: string
  attachmentId?: string
  syncId?: string
  translationId?: string
  input: Readonly<Record<string, string | number>>
}

const purposes: Readonly<Record<string, string>> = {
  scanAttachment: 'Takes one uploaded file to its end: clean, quarantined or refused. Waits out outages; fails only for a fault of ours.',
  pullRoster:
    'Fetches a district’s roster from its system into the bucket, and queues its sync. A system that fails ends it; the next one comes by the clock.',
  removeAttachment: 'Removes what its uploader deleted: the key first, then the bytes. Is never given up.',
  syncRoster: 'Brings one feed of a district into its roster when its turn has come. Waits out outages; fails only for a fault of ours.',
  decideRemoval: 'Waits until the district has decided on removals that the brake holds, and puts the decision into effect.',
  closeSchoolYear:
    'Closes the channels of a school year that is over, tells their people once, and leaves a report. Access ended with the terms.',
  writeScopeReceipt: 'Writes down how many an announcement was for, and a hash over who they were. Nothing waits for it.',
  translateMessage:
    'Puts one text into one language, for however many read it. Waits out short outages; the original is there all the while.',
  rescanAttachment: 'Looks at a clean file again with newer signatures, and withdraws it when it turns out infected.',
}

/** `scanAttachment` → `scan attachment`. */
const toWords = (type: string): string => type.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** One line for the list, and what it is for and where to go on from there. */
export const describeRun = ({ type, districtId, attachmentId, syncId, translationId, input }: DescribedRun): RunDescription => {
  const { attempt } = input
  const words = toWords(type)
  const again = typeof attempt === 'number' && attempt > 1 ? `, attempt ${attempt}` : ''
  return {
    summary: [words, attachmentId ?? syncId ?? translationId].filter((word) => word !== undefined).join(' ') + again,
    details: [
      purposes[type] ?? words,
      `District \`${districtId}\``,
      ...(syncId === undefined ? [] : [`Sync \`${syncId}\``]),
      ...(translationId === undefined
        ? []
        : [`Translation \`${translationId}\``, `On-call: \`npm run oncall -- translations replay ${translationId}\``]),
      ...(attachmentId === undefined
        ? []
        : [`Attachment \`${attachmentId}\``, `On-call: \`npm run oncall -- scans show ${attachmentId}\``]),
    ].join('\n\n'),
  }
}
