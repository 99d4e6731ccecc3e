/** The head of a message of Postgres: its type, and its length without that (protocol-message-formats). */
const HEAD = 5
const [READY, ERROR] = Buffer.from('ZE')
/** The severity of an error with which Postgres ends a connection, in the field that is in no language. */
const ENDS = /\0V(?:FATAL|PANIC)\0/

/**
 * What Postgres says over a connection, but for the error with which it ends one that has been ready: the driver (postgres 3.4.9,
 * `connection.js`) keeps that until the next connection is ready, and fails with it the first that is asked there. Of the close, with
 * which it rejects what was asked before, it hears all the same.
 */
export function withoutLastWord(): (piece: Buffer) => Buffer {
  let isReady = false
  /** Of the message that is being passed on. */
  let left = 0
  /** A head, or an error, that has not come whole. */
  let held: Buffer = Buffer.alloc(0)
  return piece => {
    const said = held.length ? Buffer.concat([held, piece]) : piece
    let at = Math.min(left, said.length)
    left -= at
    while (said.length - at >= HEAD) {
      const [type, end] = [said[at], at + 1 + said.readUInt32BE(at + 1)]
      if (isReady && type === ERROR) {
        if (end > said.length) break
        // Postgres says nothing after it
        if (ENDS.test(said.toString('latin1', at, end))) return said.subarray(0, at)
      }
      isReady ||= type === READY
      left = Math.max(end - said.length, 0)
      at = Math.min(end, said.length)
    }
    held = said.subarray(at)
    return said.subarray(0, at)
  }
}
