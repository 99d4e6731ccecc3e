import { Picture } from '../icon.tsx'
import { inPlace } from '../in-place.ts'
import { listOf, type Node, plain } from './node.ts'

export function Img({ node }: { node: Node }) {
  const words = plain(node.alt) || plain(node.title) || plain(node.img_key)
  return (
    <div className="card-img" role="img" aria-label={words || '图片'}>
      <Picture size={32} />
      <small>{words}</small>
    </div>
  )
}

export function ImgCombination({ node }: { node: Node }) {
  return (
    <div className="card-imgs">
      {inPlace(listOf(node.img_list)).map(([key, image]) => (
        <Img key={key} node={image} />
      ))}
    </div>
  )
}
