import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_ID_LENGTH = 8
/** What is derived from the same text must stay the same for ever. */
const SALT = 'reeve sealing key'

/** Encrypts texts with the first of its keys, and reads what any of them encrypted. */
export interface Sealer {
  /** `owner` is the id of the row that holds the text: the text cannot be read in another's place. */
  seal(text: string, owner: string): string
  /** Throws when the text was changed, is another row's, or its key is unknown. */
  open(sealed: string, owner: string): string
  /** The id of the key that texts are sealed with. */
  readonly currentKeyId: string
  knows(keyId: string): boolean
}

interface Key {
  id: string
  secret: Buffer
}

/** A new key, as text. */
export function generateKey(): string {
  return randomBytes(KEY_BYTES).toString('base64')
}

/** Several keys are separated by commas: the first seals, the others only open. */
export function createSealer(keyTexts: string): Sealer {
  const texts = keyTexts.split(',').map((text) => text.trim())
  const keys = texts.filter(Boolean).map(readKey)
  const [current] = keys
  if (!current) throw new Error('There is no key to seal with')
  const byId = new Map(keys.map((key) => [key.id, key]))
  return {
    currentKeyId: current.id,
    knows: (keyId) => byId.has(keyId),
    seal(text, owner) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, current.secret, nonce).setAAD(Buffer.from(owner))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `${current.id}:${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')}`
    },
    open(sealed, owner) {
      const key = byId.get(keyIdOf(sealed))
      if (!key)
        throw new Error(`The key ${keyIdOf(sealed)}, which sealed the text, is not among the keys given`)
      const bytes = Buffer.from(sealed.slice(KEY_ID_LENGTH + 1), 'base64')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv(CIPHER, key.secret, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([text, decipher.final()]).toString('utf8')
    },
  }
}

/** The key that sealed a text: its id stands in front. */
export function keyIdOf(sealed: string): string {
  return sealed.slice(0, KEY_ID_LENGTH)
}

/** 32 bytes in base64 are a key; from any other text one is derived, slowly, since people chose it. */
function readKey(text: string): Key {
  const bytes = Buffer.from(text, 'base64')
  const exact = bytes.length === KEY_BYTES && bytes.toString('base64') === text
  const secret = exact ? bytes : scryptSync(text, SALT, KEY_BYTES)
  const id = createHash('sha256').update(secret).digest('hex').slice(0, KEY_ID_LENGTH)
  return { id, secret }
}
