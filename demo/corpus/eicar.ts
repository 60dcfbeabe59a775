/**
 * The EICAR test file (eicar.org): harmless, and every virus scanner reports it. Built from parts, so that a
 * scanner on a developer's machine does not take this source file away.
 */
export const makeEicar = (): Buffer =>
  Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR', '-STANDARD-ANTIVIRUS-', 'TEST-FILE!$H+H*'].join(''), 'latin1')
