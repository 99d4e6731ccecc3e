import { appToken, botInfo, outboundIps, tenantInfo, tenantToken } from './auth.ts'
import { batchProgress, batchReaders, batchSend, recallBatch } from './batch.ts'
import { calendarRoutes } from './calendar/routes.ts'
import { type Route, route } from './call.ts'
import { cardkitRoutes } from './cardkit/routes.ts'
import { getChat, isInChat, listChats, listMembers } from './chats.ts'
import { addCommand, listCommands, patchCommand, removeCommand } from './commands.ts'
import {
  childDepartments,
  contactScopes,
  departmentsAbove,
  departmentsByIds,
  getDepartment,
} from './contact-departments.ts'
import { getPerson, idsByContact, namesByIds, peopleByIds, peopleOfDepartment } from './contact-people.ts'
import { updateCardByToken } from './delayed-update.ts'
import { editMessage, patchCard, recallMessage } from './edit.ts'
import { deleteEphemeral, sendEphemeral } from './ephemeral.ts'
import { pressFeed } from './feed.ts'
import { messageResource, ownFile, ownImage, uploadFile, uploadImage } from './files.ts'
import { forwardMessage, forwardThread, mergeForward } from './forward.ts'
import { getAnnouncement, groupLink, patchAnnouncement, putTopNotice, removeTopNotice } from './group-board.ts'
import { addGroupMembers, addManagers, removeGroupMembers, removeManagers } from './group-members.ts'
import { createGroup, deleteGroup, updateGroup } from './groups.ts'
import { oauthToken, userInfo } from './login.ts'
import { addPin, listPins, removePin } from './pins.ts'
import { addReaction, listReactions, removeReaction } from './reactions.ts'
import { getMessage, listMessages } from './read.ts'
import { readUsers } from './read-users.ts'
import { listScopes } from './scopes.ts'
import { createMessage, replyMessage } from './send.ts'
import { urgent } from './urgent.ts'

const send = ['im:message', 'im:message:send_as_bot', 'im:message:send']
const change = ['im:message', 'im:message:update', 'im:message:send_as_bot']
const recall = ['im:message', 'im:message:recall']
const read = ['im:message', 'im:message:readonly']
const reactions = ['im:message', 'im:message.reactions:write_only']
const pinning = ['im:message', 'im:message.pins:write_only', 'im:message:send_as_bot']
const batches = ['im:message:send_multi_users', 'im:message:send_multi_depts']
const resource = ['im:resource', 'im:resource:upload']
const chats = ['im:chat', 'im:chat:readonly', 'im:chat:read']
const members = [...chats, 'im:chat.members:read']
const managers = ['im:chat', 'im:chat.managers:write_only']
const topNotice = ['im:chat', 'im:chat.top_notice:write_only']
const joining = ['im:chat', 'im:chat.members:write_only']
const contact = ['contact:contact.base:readonly', 'contact:contact:readonly_as_app']
const departments = [...contact, 'contact:department.base:readonly']
const profiles = ['contact:user.basic_profile:readonly']

const messages: Route[] = [
  route('POST /im/v1/messages', send, createMessage),
  route('GET /im/v1/messages', read, listMessages),
  route('POST /im/v1/messages/merge_forward', send, mergeForward),
  route('POST /im/v1/messages/:message_id/reply', send, replyMessage),
  route('POST /im/v1/messages/:message_id/forward', send, forwardMessage),
  route('POST /im/v1/threads/:thread_id/forward', send, forwardThread),
  route('PATCH /im/v1/messages/:message_id', change, patchCard, { msg: 'ok' }),
  route('PUT /im/v1/messages/:message_id', change, editMessage),
  route('DELETE /im/v1/messages/:message_id', recall, recallMessage),
  route('GET /im/v1/messages/:message_id', read, getMessage),
  route('GET /im/v1/messages/:message_id/read_users', [...read, 'im:message:basic'], readUsers),
  route(
    'PATCH /im/v1/messages/:message_id/urgent_app',
    ['im:message.urgent', 'im:message.urgent:app_send'],
    urgent('app'),
  ),
  route('PATCH /im/v1/messages/:message_id/urgent_sms', ['im:message.urgent:sms'], urgent('sms')),
  route('PATCH /im/v1/messages/:message_id/urgent_phone', ['im:message.urgent:phone'], urgent('phone')),
  route('POST /im/v1/messages/:message_id/reactions', reactions, addReaction),
  route('GET /im/v1/messages/:message_id/reactions', ['im:message.reactions:read', ...read], listReactions),
  route('DELETE /im/v1/messages/:message_id/reactions/:reaction_id', reactions, removeReaction),
  route('GET /im/v1/messages/:message_id/resources/:file_key', [...read, 'im:resource'], messageResource),
  route('POST /im/v1/pins', pinning, addPin),
  route('GET /im/v1/pins', ['im:message.pins:read', ...read], listPins),
  route('DELETE /im/v1/pins/:message_id', pinning, removePin),
  route('POST /im/v1/images', resource, uploadImage),
  route('GET /im/v1/images/:image_key', ['im:resource'], ownImage),
  route('POST /im/v1/files', resource, uploadFile),
  route('GET /im/v1/files/:file_key', ['im:resource'], ownFile),
  route('POST /interactive/v1/card/update', undefined, updateCardByToken, { msg: 'ok' }),
  route('PATCH /im/v2/feed_cards/bot_time_sentive', ['im:datasync.feed_card.time_sensitive:write'], pressFeed),
]

/** Older than the rest: what goes wrong is told with HTTP 200. */
const older: Route[] = [
  route('POST /message/v4/batch_send/', send, batchSend, { msg: 'ok' }),
  route('GET /im/v1/batch_messages/:batch_message_id/get_progress', batches, batchProgress),
  route('GET /im/v1/batch_messages/:batch_message_id/read_user', batches, batchReaders, { msg: 'ok' }),
  route('DELETE /im/v1/batch_messages/:batch_message_id', batches, recallBatch, { msg: 'ok' }),
  route('POST /ephemeral/v1/send', send, sendEphemeral, { msg: 'ok' }),
  route('POST /ephemeral/v1/delete', send, deleteEphemeral, { msg: 'ok' }),
]

const groups: Route[] = [
  route('GET /im/v1/chats', chats, listChats),
  route('POST /im/v1/chats', ['im:chat', 'im:chat:create'], createGroup),
  route('GET /im/v1/chats/:chat_id', chats, getChat),
  route('PUT /im/v1/chats/:chat_id', ['im:chat', 'im:chat:update'], updateGroup),
  route('DELETE /im/v1/chats/:chat_id', ['im:chat', 'im:chat:delete'], deleteGroup),
  route('POST /im/v1/chats/:chat_id/link', [...chats, 'im:chat:create'], groupLink),
  route('GET /im/v1/chats/:chat_id/announcement', ['im:chat', 'im:chat.announcement:read'], getAnnouncement),
  route('PATCH /im/v1/chats/:chat_id/announcement', ['im:chat', 'im:chat.announcement:write_only'], patchAnnouncement),
  route('POST /im/v1/chats/:chat_id/top_notice/put_top_notice', topNotice, putTopNotice),
  route('POST /im/v1/chats/:chat_id/top_notice/delete_top_notice', topNotice, removeTopNotice),
  route('POST /im/v1/chats/:chat_id/managers/add_managers', managers, addManagers),
  route('POST /im/v1/chats/:chat_id/managers/delete_managers', managers, removeManagers),
  route('POST /im/v1/chats/:chat_id/members', joining, addGroupMembers),
  route('DELETE /im/v1/chats/:chat_id/members', joining, removeGroupMembers),
  route('GET /im/v1/chats/:chat_id/members', members, listMembers),
  route('GET /im/v1/chats/:chat_id/members/is_in_chat', members, isInChat),
]

const directory: Route[] = [
  route('GET /contact/v3/scopes', contact, contactScopes),
  route('GET /contact/v3/departments/batch', departments, departmentsByIds),
  route('GET /contact/v3/departments/parent', departments, departmentsAbove),
  route('GET /contact/v3/departments/:department_id', departments, getDepartment),
  route('GET /contact/v3/departments/:department_id/children', departments, childDepartments),
  route('GET /contact/v3/users/find_by_department', contact, peopleOfDepartment),
  route('GET /contact/v3/users/batch', contact, peopleByIds),
  route('POST /contact/v3/users/basic_batch', profiles, namesByIds, { perSecond: 5 }),
  route('POST /contact/v3/users/batch_get_id', ['contact:user.id:readonly'], idsByContact),
  route('GET /contact/v3/users/:user_id', contact, getPerson),
]

const app: Route[] = [
  route('POST /auth/v3/tenant_access_token/internal', undefined, tenantToken, { open: true, msg: 'ok' }),
  route('POST /auth/v3/app_access_token/internal', undefined, appToken, { open: true, msg: 'ok' }),
  route('POST /authen/v2/oauth/token', undefined, oauthToken, { open: true, msg: 'ok' }),
  route('GET /authen/v1/user_info', undefined, userInfo, { identity: 'user' }),
  route('GET /event/v1/outbound_ip', ['event:ip_list'], outboundIps),
  route('POST /application/v7/app_slash_commands', ['application:app_slash_command:write'], addCommand),
  route('GET /application/v7/app_slash_commands', ['application:app_slash_command:read'], listCommands),
  route('PATCH /application/v7/app_slash_commands/:command_id', ['application:app_slash_command:write'], patchCommand),
  route(
    'DELETE /application/v7/app_slash_commands/:command_id',
    ['application:app_slash_command:write'],
    removeCommand,
  ),
  route('GET /bot/v3/info', undefined, botInfo, { msg: 'ok' }),
  route('GET /application/v6/scopes', undefined, call => listScopes(call, [...RECEIVING, ...namedScopes()])),
  route('GET /tenant/v2/tenant/query', ['tenant:tenant:readonly'], tenantInfo),
]

/** What it takes to be told of messages and to read all of the directory: no call asks for these. */
const RECEIVING = [
  'im:message.p2p_msg:readonly',
  'im:message.group_at_msg:readonly',
  'contact:user.base:readonly',
  'contact:user.department:readonly',
  'contact:user.employee:readonly',
  'contact:department.organize:readonly',
]

const namedScopes = (): string[] => routes.flatMap(({ scopes }) => scopes ?? [])

/** Every path that exists; anything else is 404 with 99991201. */
export const routes: Route[] = [
  ...app,
  ...messages,
  ...older,
  ...groups,
  ...directory,
  ...calendarRoutes,
  ...cardkitRoutes,
]
