import { botInfo, tenantInfo, tenantToken } from './auth.ts'
import type { Route } from './call.ts'
import { getChat, isInChat, listChats, listMembers } from './chats.ts'
import { childDepartments, contactScopes, getDepartment } from './contact-departments.ts'
import { getPerson, namesByIds, peopleByIds, peopleOfDepartment } from './contact-people.ts'
import { updateCardByToken } from './delayed-update.ts'
import { editMessage, patchCard, recallMessage } from './edit.ts'
import { messageResource, ownFile, ownImage, uploadFile, uploadImage } from './files.ts'
import { addReaction } from './reactions.ts'
import { getMessage, listMessages } from './read.ts'
import { createMessage, replyMessage } from './send.ts'

const send = ['im:message', 'im:message:send_as_bot', 'im:message:send']
const change = ['im:message', 'im:message:update', 'im:message:send_as_bot']
const recall = ['im:message', 'im:message:recall']
const read = ['im:message', 'im:message:readonly']
const reactions = ['im:message', 'im:message.reactions:write_only']
const resource = ['im:resource', 'im:resource:upload']
const chats = ['im:chat', 'im:chat:readonly', 'im:chat:read']
const members = [...chats, 'im:chat.members:read']
const contact = ['contact:contact.base:readonly', 'contact:contact:readonly_as_app']
const departments = [...contact, 'contact:department.base:readonly']
const profiles = ['contact:user.basic_profile:readonly']

/** Every path that exists; anything else is 404 with 99991201. */
export const routes: Route[] = [
  { method: 'POST', path: '/auth/v3/tenant_access_token/internal', open: true, msg: 'ok', handle: tenantToken },
  { method: 'GET', path: '/bot/v3/info', msg: 'ok', handle: botInfo },
  {
    method: 'GET',
    path: '/tenant/v2/tenant/query',
    scopes: ['tenant:tenant:readonly'],
    msg: 'success',
    handle: tenantInfo,
  },
  { method: 'POST', path: '/im/v1/messages', scopes: send, msg: 'success', handle: createMessage },
  { method: 'GET', path: '/im/v1/messages', scopes: read, msg: 'success', handle: listMessages },
  { method: 'POST', path: '/im/v1/messages/:message_id/reply', scopes: send, msg: 'success', handle: replyMessage },
  { method: 'PATCH', path: '/im/v1/messages/:message_id', scopes: change, msg: 'ok', handle: patchCard },
  { method: 'PUT', path: '/im/v1/messages/:message_id', scopes: change, msg: 'success', handle: editMessage },
  { method: 'DELETE', path: '/im/v1/messages/:message_id', scopes: recall, msg: 'success', handle: recallMessage },
  { method: 'GET', path: '/im/v1/messages/:message_id', scopes: read, msg: 'success', handle: getMessage },
  {
    method: 'POST',
    path: '/im/v1/messages/:message_id/reactions',
    scopes: reactions,
    msg: 'success',
    handle: addReaction,
  },
  {
    method: 'GET',
    path: '/im/v1/messages/:message_id/resources/:file_key',
    scopes: [...read, 'im:resource'],
    msg: 'success',
    handle: messageResource,
  },
  { method: 'POST', path: '/im/v1/images', scopes: resource, msg: 'success', handle: uploadImage },
  { method: 'GET', path: '/im/v1/images/:image_key', scopes: ['im:resource'], msg: 'success', handle: ownImage },
  { method: 'POST', path: '/im/v1/files', scopes: resource, msg: 'success', handle: uploadFile },
  { method: 'GET', path: '/im/v1/files/:file_key', scopes: ['im:resource'], msg: 'success', handle: ownFile },
  { method: 'GET', path: '/im/v1/chats', scopes: chats, msg: 'success', handle: listChats },
  { method: 'GET', path: '/im/v1/chats/:chat_id', scopes: chats, msg: 'success', handle: getChat },
  { method: 'GET', path: '/im/v1/chats/:chat_id/members', scopes: members, msg: 'success', handle: listMembers },
  {
    method: 'GET',
    path: '/im/v1/chats/:chat_id/members/is_in_chat',
    scopes: members,
    msg: 'success',
    handle: isInChat,
  },
  { method: 'GET', path: '/contact/v3/scopes', scopes: contact, msg: 'success', handle: contactScopes },
  {
    method: 'GET',
    path: '/contact/v3/departments/:department_id',
    scopes: departments,
    msg: 'success',
    handle: getDepartment,
  },
  {
    method: 'GET',
    path: '/contact/v3/departments/:department_id/children',
    scopes: departments,
    msg: 'success',
    handle: childDepartments,
  },
  {
    method: 'GET',
    path: '/contact/v3/users/find_by_department',
    scopes: contact,
    msg: 'success',
    handle: peopleOfDepartment,
  },
  { method: 'GET', path: '/contact/v3/users/batch', scopes: contact, msg: 'success', handle: peopleByIds },
  {
    method: 'POST',
    path: '/contact/v3/users/basic_batch',
    scopes: profiles,
    msg: 'success',
    perSecond: 5,
    handle: namesByIds,
  },
  { method: 'GET', path: '/contact/v3/users/:user_id', scopes: contact, msg: 'success', handle: getPerson },
  { method: 'POST', path: '/interactive/v1/card/update', msg: 'ok', handle: updateCardByToken },
]
