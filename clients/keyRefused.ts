/**
 * The key service answered, and the answer is no: the key is unknown, disabled, of another purpose, or the ciphertext was wrapped under
 * another context. Asking again changes nothing. An unreachable key service rejects with anything else.
 */
export class KeyRefused extends Error {
  override name = 'KeyRefused'
}
