const LONGEST = 100_000

/** A state's message as events carry it: with its middle cut out when it is very long. */
export function shortenedMessage(message: string | null): string {
  if (!message) return ''
  if (message.length <= LONGEST) return message
  const half = LONGEST / 2
  const marker = `...${message.length - LONGEST} additional characters...`
  const shortened = message.slice(0, half) + marker + message.slice(-half)
  return shortened.length < message.length ? shortened.toWellFormed() : message
}
