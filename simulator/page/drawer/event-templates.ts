import type { ChatRow, Message, Office, Person } from '../../protocol.ts'
import type { EventRequest } from './dev.ts'

/** Whose ids fill the templates: who sits here, somebody else, the open group, the private chat and what was last said there. */
export interface Cast {
  office: Office
  me: Person
  other: Person
  group: ChatRow
  p2p?: ChatRow | undefined
  last?: Message | undefined
  card?: Message | undefined
}

export interface Template {
  title: string
  make: (cast: Cast) => EventRequest
}

const hex = (length: number) =>
  [...crypto.getRandomValues(new Uint8Array(length / 2))].map(byte => byte.toString(16).padStart(2, '0')).join('')
const now = () => String(Date.now())
const ids = ({ open_id, union_id }: Person) => ({ open_id, union_id })

export const templates: Template[] = [
  received('收到消息：单聊文本', cast => ({
    chat: cast.p2p ?? cast.group,
    message_type: 'text',
    content: { text: '/帮助' },
  })),
  received('收到消息：群聊 @机器人', cast => ({
    chat: cast.group,
    message_type: 'text',
    content: { text: '@_user_1 /待办' },
    mentions: [
      {
        key: '@_user_1',
        id: { open_id: cast.office.bot.open_id },
        mentioned_type: 'bot',
        name: cast.office.bot.name,
      },
    ],
  })),
  received('收到消息：富文本', cast => ({
    chat: cast.p2p ?? cast.group,
    message_type: 'post',
    content: { title: '', content: [[{ tag: 'text', text: '/今日', style: [] }]] },
  })),
  received('收到消息：图片', cast => ({
    chat: cast.p2p ?? cast.group,
    message_type: 'image',
    content: { image_key: `img_v3_00${hex(2)}_${hex(8)}` },
  })),
  received('收到消息：文件', cast => ({
    chat: cast.p2p ?? cast.group,
    message_type: 'file',
    content: { file_key: `file_v3_00${hex(2)}_${hex(8)}`, file_name: '会议纪要.docx' },
  })),
  plainly('消息已读', 'im.message.message_read_v1', ({ me, last }) => ({
    reader: { reader_id: ids(me), read_time: now() },
    message_id_list: [last?.message_id ?? `om_${hex(32)}`],
  })),
  plainly('消息撤回', 'im.message.recalled_v1', ({ group, last }) => ({
    message_id: last?.message_id ?? `om_${hex(32)}`,
    chat_id: last?.chat_id ?? group.chat_id,
    recall_time: now(),
    recall_type: 'message_owner',
  })),
  reaction('添加表情', 'im.message.reaction.created_v1'),
  reaction('取消表情', 'im.message.reaction.deleted_v1'),
  inGroup('机器人进群', 'im.chat.member.bot.added_v1'),
  inGroup('机器人被移出群', 'im.chat.member.bot.deleted_v1'),
  inGroup('用户进群', 'im.chat.member.user.added_v1', withUsers),
  inGroup('用户出群', 'im.chat.member.user.deleted_v1', withUsers),
  inGroup('撤销拉用户进群', 'im.chat.member.user.withdrawn_v1', withUsers),
  inGroup('群信息变更', 'im.chat.updated_v1', ({ group }) => ({
    before_change: { name: group.name },
    after_change: { name: `${group.name}（新）` },
  })),
  inGroup('群解散', 'im.chat.disbanded_v1'),
  plainly('进入与机器人的单聊', 'im.chat.access_event.bot_p2p_chat_entered_v1', ({ me, p2p, last }) => ({
    chat_id: p2p?.chat_id ?? '',
    operator_id: ids(me),
    last_message_id: last?.message_id ?? '',
    last_message_create_time: String(last?.create_time ?? 0),
  })),
  plainly('首次与机器人单聊（旧版）', 'p2p_chat_create', ({ office, me, p2p }) => ({
    type: 'p2p_chat_create',
    app_id: office.bot.app_id,
    chat_id: p2p?.chat_id ?? '',
    operator: { open_id: me.open_id },
    user: { open_id: me.open_id, name: me.name },
  })),
  plainly('机器人菜单', 'application.bot.menu_v6', ({ me }) => ({
    operator: { operator_name: me.name, operator_id: ids(me) },
    event_key: 'todo',
    timestamp: Math.floor(Date.now() / 1000),
  })),
  aboutPerson('员工入职', 'contact.user.created_v3'),
  aboutPerson('员工信息变更', 'contact.user.updated_v3', ({ other }) => ({ job_title: other.job_title ?? '' })),
  aboutPerson('员工离职', 'contact.user.deleted_v3', ({ other }) => ({ department_ids: other.department_ids })),
  aboutDepartment('新建部门', 'contact.department.created_v3'),
  aboutDepartment('部门变更', 'contact.department.updated_v3'),
  aboutDepartment('删除部门', 'contact.department.deleted_v3'),
  plainly('通讯录权限范围变更', 'contact.scope.updated_v3', ({ office }) => ({
    added: { departments: [], users: [] },
    removed: { departments: office.departments.slice(-1), users: [] },
  })),
  plainly('按卡片按钮（回调）', 'card.action.trigger', ({ me, card, group }) => ({
    operator: ids(me),
    action: { tag: 'button', value: {} },
    host: 'im_message',
    context: { open_message_id: card?.message_id ?? '', open_chat_id: card?.chat_id ?? group.chat_id },
  })),
  plainly('链接预览（回调）', 'url.preview.get', ({ me, group }) => ({
    operator: ids(me),
    host: 'im_message',
    context: {
      url: 'https://example.com/',
      preview_token: hex(32),
      open_message_id: `om_${hex(32)}`,
      open_chat_id: group.chat_id,
    },
  })),
]

function plainly(title: string, event_type: string, event: (cast: Cast) => object): Template {
  return { title, make: cast => ({ event_type, event: event(cast) }) }
}

interface Received {
  chat: ChatRow
  message_type: string
  content: object
  mentions?: object[]
}

function received(title: string, say: (cast: Cast) => Received): Template {
  return plainly(title, 'im.message.receive_v1', cast => {
    const { chat, message_type, content, mentions } = say(cast)
    return {
      sender: { sender_id: ids(cast.me), sender_type: 'user' },
      message: {
        message_id: `om_${hex(32)}`,
        create_time: now(),
        update_time: now(),
        chat_id: chat.chat_id,
        chat_type: chat.chat_type,
        message_type,
        content: JSON.stringify(content),
        ...(mentions && { mentions }),
      },
    }
  })
}

function reaction(title: string, event_type: string): Template {
  return plainly(title, event_type, ({ me, last }) => ({
    message_id: last?.message_id ?? `om_${hex(32)}`,
    reaction_type: { emoji_type: 'OK' },
    operator_type: 'user',
    user_id: ids(me),
    action_time: now(),
  }))
}

function inGroup(title: string, event_type: string, more: (cast: Cast) => object = () => ({})): Template {
  return plainly(title, event_type, cast => ({
    chat_id: cast.group.chat_id,
    operator_id: ids(cast.me),
    external: false,
    name: cast.group.name,
    ...more(cast),
  }))
}

function withUsers({ other }: Cast) {
  return { users: [{ name: other.name, user_id: ids(other) }] }
}

function aboutPerson(title: string, event_type: string, old: (cast: Cast) => object = () => ({})): Template {
  return plainly(title, event_type, cast => {
    const { name, department_ids, job_title = '', leader_user_id = '', is_frozen = false } = cast.other
    const status = { is_frozen, is_resigned: event_type.includes('deleted'), is_activated: true }
    return {
      object: { ...ids(cast.other), name, department_ids, job_title, leader_user_id, status },
      old_object: old(cast),
    }
  })
}

function aboutDepartment(title: string, event_type: string): Template {
  return plainly(title, event_type, ({ office }) => {
    const {
      open_department_id,
      name,
      parent_department_id,
      leader_user_id = '',
    } = office.departments.at(-1) ?? {
      open_department_id: '',
      name: '',
      parent_department_id: '0',
    }
    return { object: { open_department_id, name, parent_department_id, leader_user_id }, old_object: {} }
  })
}
