import { isIP } from 'node:net'

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const DATE = /^\d{4}-\d\d-\d\d$/
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)$/i
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/

const isDate = (text: string) =>
  DATE.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'u'))
  } catch {
    return false
  }
}

/** The formats that the reference checks; a text of any other passes. */
export const FORMATS: { [name: string]: (text: string) => boolean } = {
  date: isDate,
  time: (text) => CLOCK.test(text),
  'date-time': (text) => /^.{10}[ t]/i.test(text) && isDate(text.slice(0, 10)) && CLOCK.test(text.slice(11)),
  email: (text) => text.includes('@'),
  'idn-email': (text) => text.includes('@'),
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6,
  uuid: (text) => UUID.test(text),
  regex: isPattern,
  'json-pointer': (text) => POINTER.test(text),
}
