import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { merkleRoot } from './merkleTree.ts'

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

/** The definition of RFC 6962 §2.1, word for word: split at the largest power of two smaller than n. */
const definedRoot = (leaves: Buffer[]): Buffer => {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return sha256(Buffer.from([0]), leaves[0] as Buffer)
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return sha256(Buffer.from([1]), definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)))
}

const leaf = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array))
const leaves = fc.array(leaf, { maxLength: 70 })

test('the roots are those of the certificate-transparency reference inputs', () => {
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]
  roots.forEach((root, index) => {
    const list = inputs.slice(0, index + 1).map((hex) => Buffer.from(hex, 'hex'))
    expect(merkleRoot(list).toString('hex')).toBe(root)
  })
  expect(merkleRoot([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('the root is the one the RFC defines, for any list', () => {
  fc.assert(fc.property(leaves, (list) => merkleRoot(list).equals(definedRoot(list))))
})

test('two lists that differ in any leaf, order or length have different roots', () => {
  fc.assert(
    fc.property(leaves, leaves, (one, other) => {
      const isSame = one.length === other.length && one.every((each, index) => each.equals(other[index] as Buffer))
      expect(merkleRoot(one).equals(merkleRoot(other))).toBe(isSame)
    }),
  )
  fc.assert(
    fc.property(fc.array(leaf, { minLength: 1, maxLength: 40 }), fc.nat(), (list, at) => {
      const index = at % list.length
      expect(merkleRoot(list.with(index, Buffer.concat([list[index] as Buffer, Buffer.from([1])])))).not.toEqual(merkleRoot(list))
      expect(merkleRoot([...list, list.at(-1) as Buffer])).not.toEqual(merkleRoot(list))
    }),
  )
})
