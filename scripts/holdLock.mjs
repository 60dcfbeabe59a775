import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { identify, isAlive } from './identify.mjs'

const readOwner = (folder) => {
  try {
    return JSON.parse(readFileSync(`${folder}/owner.json`, 'utf8'))
  } catch {
    return null
  }
}

const tryToTake = (folder) => {
  const mine = `${folder}.${process.pid}`
  rmSync(mine, { recursive: true, force: true })
  mkdirSync(mine, { recursive: true })
  writeFileSync(`${mine}/owner.json`, JSON.stringify(identify(process.pid)))
  try {
    // Renaming onto a folder that is not empty fails, so exactly one of many wins, with its name already inside.
    renameSync(mine, folder)
    return true
  } catch (error) {
    rmSync(mine, { recursive: true, force: true })
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error
    return false
  }
}

/**
 * Runs `work` while no other process holds the lock `folder`. A lock whose owner died is taken over.
 * `onWait` is called once with the owner's pid if somebody else holds it.
 */
export const holdLock = async (folder, onWait, work) => {
  mkdirSync(dirname(folder), { recursive: true })
  let hasTold = false
  while (!tryToTake(folder)) {
    const owner = readOwner(folder)
    if (!owner || !isAlive(owner)) {
      // Set it aside under a name of our own: if two see the same dead owner, only one rename succeeds.
      const aside = `${folder}.dead.${process.pid}`
      try {
        renameSync(folder, aside)
      } catch {
        continue
      }
      const taken = readOwner(aside)
      if (taken && isAlive(taken)) renameSync(aside, folder)
      else rmSync(aside, { recursive: true, force: true })
      continue
    }
    if (!hasTold) onWait(owner.pid)
    hasTold = true
    await wait(250)
  }
  const release = () => {
    // In one step: a folder that is emptied in place could be taken over between the emptying and the removal.
    const mine = `${folder}.${process.pid}`
    renameSync(folder, mine)
    rmSync(mine, { recursive: true, force: true })
  }
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.removeListener('exit', release)
    release()
  }
}
