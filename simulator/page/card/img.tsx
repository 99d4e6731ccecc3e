import { type CSSProperties, useState } from 'react'
import { inPlace } from '../in-place.ts'
import { listOf, type Node, plain } from './node.ts'
import { lengths } from './paint.ts'
import { Enlarged, Picture } from './picture.tsx'
import { Text } from './text.tsx'

const SIDES: Record<string, number> = { large: 160, medium: 80, small: 40, tiny: 16 }

export function Img({ node }: { node: Node }) {
  const words = plain(node.alt) || plain(node.title)
  const scale = plain(node.scale_type) || 'crop_center'
  return (
    <figure className="card-img">
      {plain(node.title) && <Text of={typeof node.title === 'object' ? (node.title as Node) : {}} />}
      <div
        className={`card-img-frame card-img-${scale}`}
        data-transparent={node.transparent === true || undefined}
        style={{ ...sizeOf(node.size), borderRadius: lengths(node.corner_radius) ?? plain(node.corner_radius) }}
      >
        <Viewed imageKey={plain(node.img_key)} words={words} enlarges={node.preview !== false} />
      </div>
    </figure>
  )
}

export function ImgCombination({ node }: { node: Node }) {
  const mode = plain(node.combination_mode)
  return (
    <div
      className={`card-imgs card-imgs-${mode}`}
      data-transparent={node.combination_transparent === true || undefined}
      style={{ borderRadius: lengths(node.corner_radius) }}
    >
      {inPlace(listOf(node.img_list)).map(([key, image]) => (
        <div key={key} className="card-img-frame card-img-crop_center">
          <Viewed imageKey={plain(image.img_key)} words={`图片${Number(key) + 1}`} enlarges />
        </div>
      ))}
    </div>
  )
}

function Viewed({ imageKey, words, enlarges }: { imageKey: string; words: string; enlarges: boolean }) {
  const [open, setOpen] = useState(false)
  const picture = <Picture imageKey={imageKey} words={words} />
  if (!enlarges) return picture
  return (
    <>
      <button
        type="button"
        className="card-img-open"
        aria-label={`查看大图：${words || '图片'}`}
        onClick={() => setOpen(true)}
      >
        {picture}
      </button>
      {open && (
        <Enlarged label={words || '图片'} close={() => setOpen(false)}>
          <Picture imageKey={imageKey} words={words} />
        </Enlarged>
      )}
    </>
  )
}

/** "stretch", a named square, or "width height". */
function sizeOf(size: unknown): CSSProperties {
  const side = SIDES[plain(size)]
  if (side) return { width: side, height: side }
  const [, width, height] = /^(\d{1,3})px[ ,]+(\d{1,3})px$/.exec(plain(size)) ?? []
  return width && height ? { width: Number(width), height: Number(height), maxWidth: '100%' } : { width: '100%' }
}
