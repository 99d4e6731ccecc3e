const RATE = 8000
const SECONDS = 2

/** Two soft tones as a WAV: browsers play it, and nothing here can make opus. */
export function sound(): Uint8Array {
  const samples = Buffer.alloc(RATE * SECONDS)
  for (let at = 0; at < samples.length; at++) {
    const tone = at < samples.length / 2 ? 523 : 659
    const fade = 1 - (at % (samples.length / 2)) / (samples.length / 2)
    samples[at] = Math.round(128 + 60 * fade * Math.sin((2 * Math.PI * tone * at) / RATE))
  }
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(RATE, 24)
  head.writeUInt32LE(RATE, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}
