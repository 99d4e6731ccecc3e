import { useState } from 'react'
import type { SayRequest } from '../../protocol.ts'
import { Clip } from '../icon.tsx'
import { Popup } from '../popup.tsx'

type Attachment = NonNullable<SayRequest['file']>
const IMAGE = /\.(png|jpe?g|gif|webp|bmp|heic)$/i
const PRETENDED_BYTES = 128 * 1024

/** Only the name and the size of a file are sent; its content never leaves the browser. */
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

function Form({ send }: { send: (file: Attachment) => void }) {
  const [name, setName] = useState('')
  const attach = (file: { name: string; size: number }) =>
    send({ name: file.name, size: Math.max(1, file.size), image: IMAGE.test(file.name) })
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
            if (file) attach(file)
            event.target.value = ''
          }}
        />
      </label>
      <p>只发送名称和大小，内容不会离开浏览器。也可以只写一个名称：</p>
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
