/**
 * Frees the memory of a buffer that nobody looks at any more, now and not when the collector comes: it hardly sees memory outside of its heap,
 * and would let what one long file leaves behind grow with the file. The buffer is empty afterwards. One that shares its memory is left alone.
 */
export const giveBack = ({ buffer, byteLength }: Buffer): void => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
