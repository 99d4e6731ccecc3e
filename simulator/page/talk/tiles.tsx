import { useState } from 'react'
import { FileShape, Picture } from '../icon.tsx'
import { fileAt } from '../sim.ts'
import { sizeOf } from './content.ts'

export function FileTile({ name, size, fileKey }: { name: string; size?: number; fileKey?: string }) {
  const words = (
    <>
      <span className="tile-icon">
        <FileShape size={24} />
      </span>
      <span className="tile-words">
        <b>{name}</b>
        <small>{size === undefined ? '文件' : sizeOf(size)}</small>
      </span>
    </>
  )
  if (!fileKey) return <div className="tile">{words}</div>
  return (
    <a className="tile" href={fileAt(fileKey)} download={name}>
      {words}
    </a>
  )
}

/** People's images are only pretended, a single dot: a tile stands for them, and for what cannot be loaded. */
export function ImageTile({ name, imageKey }: { name: string; imageKey?: string }) {
  const [seen, setSeen] = useState(true)
  if (imageKey && seen) {
    return (
      <img
        className="picture"
        src={fileAt(imageKey)}
        alt={name}
        onError={() => setSeen(false)}
        onLoad={event => setSeen(event.currentTarget.naturalWidth > 1)}
      />
    )
  }
  return (
    <div className="tile tile-image">
      <Picture size={36} />
      <small>{name}</small>
    </div>
  )
}
