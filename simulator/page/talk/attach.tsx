import { useState } from 'react'
import type { SayRequest } from '../../protocol.ts'
import { Clip } from '../icon.tsx'
import { Popup } from '../popup.tsx'

type Attachment = NonNullable<SayRequest['file']>
const IMAGE = /\.(png|jpe?g|gif|webp|bmp|heic)$/i
/** Of larger ones only name and size are sent. */
const MOST_BYTES = 20 * 1024 * 1024
const PRETENDED_BYTES = 128 * 1024

/** A file goes to the simulated Feishu on this machine, from where the bot may fetch it; or only a name is pretended. */
export function Attach({ send }: { send: (file: Attachment) => Promise<boolean> }) {
  return (
    <Popup label="附件" className="icon-button" face={<Clip />}>
      {close => (
        <Form
          send={file => {
            close()
            void send(file)
          }}
        />
      )}
    </Popup>
  )
}

const base64 = (file: File): Promise<string> =>
  new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => failed(reader.error)
    reader.readAsDataURL(file)
  })

function Form({ send }: { send: (file: Attachment) => void }) {
  const [name, setName] = useState('')
  const attach = (file: { name: string; size: number; data?: string }) =>
    send({ ...file, size: Math.max(1, file.size), image: IMAGE.test(file.name) })
  const attachReal = async (file: File) =>
    attach({ name: file.name, size: file.size, ...(file.size <= MOST_BYTES ? { data: await base64(file) } : {}) })
  return (
    <form
      className="attach"
      onSubmit={event => {
        event.preventDefault()
        if (name.trim()) attach({ name: name.trim(), size: PRETENDED_BYTES })
        setName('')
      }}
    >
      <label className="button attach-real">
        选择本机文件或图片
        <input
          type="file"
          onChange={event => {
            const file = event.target.files?.[0]
            if (file) void attachReal(file)
            event.target.value = ''
          }}
        />
      </label>
      <p>文件只存入本机的模拟飞书，供机器人读取。也可以只写一个名称：</p>
      <div className="attach-pretend">
        <input
          className="field"
          placeholder="例如 会议纪要.docx"
          aria-label="文件名"
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <button type="submit" className="button button-primary_filled" disabled={!name.trim()}>
          发送文件
        </button>
      </div>
    </form>
  )
}
