/**
 * Whether frames to this address must be masked. A mask keeps what is sent from being taken for a request by a
 * proxy that reads along: there is none on the way to this machine itself, nor inside of TLS.
 */
export function needsMask(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol !== 'wss:' && !LOOPBACK.test(hostname)
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/
