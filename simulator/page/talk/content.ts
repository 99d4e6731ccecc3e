import type { Message, Office } from '../../protocol.ts'
import { inLanguage } from '../card/language.ts'
import { listOf, type Node, nodeOf, plain } from '../card/node.ts'
import { nameOf } from '../office.tsx'

export function contentOf(message: Message): Node {
  try {
    return nodeOf(JSON.parse(message.content))
  } catch {
    return { text: message.content }
  }
}

/** One line that stands for a message where it is quoted. */
export function gist(message: Message, office: Office): string {
  if (message.recalled) return '消息已撤回'
  const content = contentOf(message)
  if (message.msg_type === 'interactive') return cardGist(content)
  if (message.msg_type === 'file') return `[文件] ${message.file?.name ?? plain(content.file_name)}`
  if (message.msg_type === 'image') return '[图片]'
  if (message.msg_type === 'post') return postGist(content)
  return spoken(plain(content.text), message, office)
}

function cardGist(written: Node): string {
  const card = inLanguage(written, 'zh_cn')
  const summary = plain(nodeOf(nodeOf(card.config).summary))
  return summary || plain(nodeOf(card.header).title) || '[卡片消息]'
}

export function postOf(content: Node): { title: string; lines: Node[][] } {
  const body = Array.isArray(content.content) ? content : nodeOf(content.zh_cn ?? Object.values(content)[0])
  const lines = Array.isArray(body.content) ? body.content.map(listOf) : []
  return { title: plain(body.title), lines }
}

function postGist(content: Node): string {
  const { title, lines } = postOf(content)
  return (
    title ||
    lines
      .flat()
      .map(each => plain(each.text))
      .join('') ||
    '[富文本]'
  )
}

/** Text with names in place of Feishu's placeholders. */
function spoken(text: string, message: Message, office: Office): string {
  return text
    .replace(/@_user_\d+/g, key => `@${message.mentions.find(each => each.key === key)?.name ?? '未知用户'}`)
    .replace(/@_all/g, '@所有人')
    .replace(/<at (?:user_)?id="?([^">]*)"?>[^<]*<\/at>/g, (_, id: string) => `@${nameOf(office, id)}`)
}

export const sizeOf = (bytes: number) =>
  bytes >= 1 << 20
    ? `${(bytes / (1 << 20)).toFixed(1)} MB`
    : bytes >= 1024
      ? `${Math.round(bytes / 1024)} KB`
      : `${bytes} B`
