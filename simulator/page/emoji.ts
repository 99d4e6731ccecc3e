/** Feishu draws these; we, who may not have its pictures nor an emoji font, say what they mean. */
const known: Record<string, string> = {
  OK: 'OK',
  THUMBSUP: '赞',
  ThumbsDown: '踩',
  THANKS: '感谢',
  MUSCLE: '加油',
  APPLAUSE: '鼓掌',
  FISTBUMP: '碰拳',
  DONE: '完成',
  CheckMark: '√',
  CrossMark: '×',
  Get: '了解',
  SMILE: '微笑',
  LAUGH: '大笑',
  JIAYI: '+1',
  PARTY: '庆祝',
  HEART: '爱心',
  OnIt: '在做了',
  Typing: '输入中',
  Alarm: '闹钟',
  Pin: '标记',
  SALUTE: '敬礼',
  LGTM: 'LGTM',
  WAVE: '再见',
  GLANCE: '看看',
}

export const emojiOf = (type: string): string | undefined => (Object.hasOwn(known, type) ? known[type] : undefined)

/** What a person may put on a message here. */
export const offeredEmoji = ['OK', 'THUMBSUP', 'Get', 'DONE']
