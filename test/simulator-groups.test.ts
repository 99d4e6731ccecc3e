import type * as lark from '@larksuiteoapi/node-sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, startBench } from '../simulator/bench/bench.ts'
import { codeOf, sdkOf } from './harness/sdk.ts'

let bench: Bench
let sdk: lark.Client

beforeAll(async () => {
  bench = await startBench()
  sdk = sdkOf(bench)
})
afterAll(() => bench.close())
beforeEach(async () => {
  await bench.ask('POST', '/reset', {})
  bench.bot.received.length = 0
})

const made = async (data: object = {}, params: object = {}) =>
  (
    await sdk.im.v1.chat.create({
      data: { name: '安全生产例会', ...data },
      params: { user_id_type: 'open_id', ...params },
    })
  ).data
const ownGroup = async (...names: string[]) =>
  (await made({ user_id_list: names.map(name => bench.id(name)) }))?.chat_id ?? ''
const groupOf = (owner: string, ...names: string[]) =>
  made({ owner_id: bench.id(owner), user_id_list: names.map(name => bench.id(name)) }).then(one => one?.chat_id ?? '')

describe('groups of the app', () => {
  it('are made with people, seen by them at once, and owned by the app unless somebody is named', async () => {
    const data = await made({ description: '每周一次', user_id_list: [bench.id('李静'), bench.id('王强')] })
    expect(data).toMatchObject({ chat_id: expect.stringMatching(/^oc_/), chat_type: 'private', chat_mode: 'group' })
    expect(data).not.toHaveProperty('owner_id')
    expect((await bench.chats('王强')).map(one => one.name)).toContain('安全生产例会')
    const info = await sdk.im.v1.chat.get({ path: { chat_id: data?.chat_id ?? '' } })
    expect(info.data).toMatchObject({ description: '每周一次', user_count: '2', bot_count: '1' })
    expect((await made({ owner_id: bench.id('李静') }))?.owner_id).toBe(bench.id('李静'))
    const listed = await sdk.im.v1.chat.list({ params: { page_size: 100 } })
    expect(listed.data?.items?.some(one => one.chat_id === data?.chat_id)).toBe(true)
    const inside = await sdk.im.v1.chatMembers.isInChat({ path: { chat_id: data?.chat_id ?? '' } })
    expect(inside.data?.is_in_chat).toBe(true)
  })

  it('are made once in ten hours for one uuid and owner', async () => {
    const one = await made({}, { uuid: 'g-1' })
    expect((await made({}, { uuid: 'g-1' }))?.chat_id).toBe(one?.chat_id)
    expect((await made({ owner_id: bench.id('李静') }, { uuid: 'g-1' }))?.chat_id).not.toBe(one?.chat_id)
    await bench.ask('POST', '/clock', { by_ms: 9 * 3_600_000 })
    expect((await made({}, { uuid: 'g-1' }))?.chat_id).toBe(one?.chat_id)
    await bench.ask('POST', '/clock', { by_ms: 2 * 3_600_000 })
    expect((await made({}, { uuid: 'g-1' }))?.chat_id).not.toBe(one?.chat_id)
  })

  it('take at most 50 people and no strangers, resigned or unreachable ones', async () => {
    const code = (data: object) => codeOf(made(data))
    expect(await code({ user_id_list: Array.from({ length: 51 }, () => bench.id('李静')) })).toBe(232001)
    expect(await code({ user_id_list: ['ou_nobody'] })).toBe(232043)
    expect(await code({ user_id_list: [bench.id('施文')] })).toBe(232022)
    expect(await code({ user_id_list: [bench.id('吕洋')] })).toBe(232024)
    expect(await code({ owner_id: 'ou_nobody' })).toBe(232035)
    expect(await code({ bot_id_list: ['cli_other'] })).toBe(232021)
    await bench.faults({ missing_scopes: ['im:chat', 'im:chat:create'] })
    expect(await code({})).toBe(99991672)
  })

  it('take people in, and tell who could not come, as succeed_type wants it', async () => {
    const chat_id = await ownGroup('李静')
    const add = (names: string[], succeed_type?: number) =>
      sdk.im.v1.chatMembers.create({
        path: { chat_id },
        params: { member_id_type: 'open_id', ...(succeed_type !== undefined && { succeed_type }) },
        data: { id_list: names.map(name => (name.startsWith('ou_') ? name : bench.id(name))) },
      })
    expect(await codeOf(add(['王强', 'ou_nobody']))).toBe(99992351)
    expect((await add(['王强', '施文'])).data).toEqual({
      invalid_id_list: [bench.id('施文')],
      not_existed_id_list: [],
      pending_approval_id_list: [],
    })
    expect((await add(['吴刚', '吕洋', 'ou_nobody'], 1)).data).toMatchObject({
      invalid_id_list: [bench.id('吕洋')],
      not_existed_id_list: ['ou_nobody'],
    })
    expect(await codeOf(add(['冯军', 'ou_nobody'], 2))).toBe(232043)
    expect(await codeOf(add([]))).toBe(232027)
    const members = await sdk.im.v1.chatMembers.get({ path: { chat_id }, params: { page_size: 100 } })
    expect(members.data?.items?.map(one => one.name)).toEqual(['李静', '王强', '吴刚'])
    const [added] = await bench.pushes('im.chat.member.user.added_v1')
    expect(added?.body.event.users).toMatchObject([{ name: '王强' }])
  })

  it('let the app remove people only where it is owner, manager or, with a scope, maker', async () => {
    const remove = (chat_id: string, ...names: string[]) =>
      sdk.im.v1.chatMembers.delete({
        path: { chat_id },
        params: { member_id_type: 'open_id' },
        data: { id_list: names.map(name => bench.id(name)) },
      })
    const own = await ownGroup('李静', '王强')
    expect((await remove(own, '王强', '冯军')).data?.invalid_id_list).toEqual([bench.id('冯军')])
    expect(await codeOf(remove(own, '冯军'))).toBe(232027)
    expect(await codeOf(remove(bench.group('办公室工作群'), '刘芳'))).toBe(232014)
    const theirs = await groupOf('李静', '王强')
    expect(await codeOf(remove(theirs, '李静'))).toBe(232076)
    expect(await codeOf(remove(theirs, '王强'))).toBe(0)
    await bench.faults({ missing_scopes: ['im:chat:operate_as_owner'] })
    expect(await codeOf(remove(await groupOf('李静', '王强'), '王强'))).toBe(232014)
  })

  it('let the app leave by its own id', async () => {
    const chat_id = bench.group('办公室工作群')
    await sdk.im.v1.chatMembers.delete({
      path: { chat_id },
      params: { member_id_type: 'app_id' },
      data: { id_list: ['cli_a1b2c3d4e5f60718'] },
    })
    await bench.pushes('im.chat.member.bot.deleted_v1')
    const inside = await sdk.im.v1.chatMembers.isInChat({ path: { chat_id } })
    expect(inside.data?.is_in_chat).toBe(false)
    expect(await codeOf(sdk.im.v1.chat.link({ path: { chat_id }, data: {} }))).toBe(232011)
  })

  it('change name and owner and tell only what changed; the owner alone hands over', async () => {
    const chat_id = await ownGroup('李静')
    await sdk.im.v1.chat.update({ path: { chat_id }, data: { name: '专题会', owner_id: bench.id('李静') } })
    const [updated] = await bench.pushes('im.chat.updated_v1')
    expect(updated?.body.event).toMatchObject({
      chat_id,
      before_change: { name: '安全生产例会' },
      after_change: { name: '专题会', owner_id: { open_id: bench.id('李静') } },
    })
    expect(updated?.body.event.after_change).not.toHaveProperty('description')
    const hand = (name: string) => sdk.im.v1.chat.update({ path: { chat_id }, data: { owner_id: bench.id(name) } })
    expect(await codeOf(hand('李静'))).toBe(232016)
    const other = await ownGroup('李静')
    const stranger = sdk.im.v1.chat.update({ path: { chat_id: other }, data: { owner_id: bench.id('王强') } })
    expect(await codeOf(stranger)).toBe(232012)
  })

  it('are disbanded by their owner or maker only', async () => {
    const remove = (chat_id: string) => sdk.im.v1.chat.delete({ path: { chat_id } })
    expect(await codeOf(remove(bench.group('办公室工作群')))).toBe(232017)
    const chat_id = await ownGroup('李静')
    expect(await codeOf(remove(chat_id))).toBe(0)
    expect(await codeOf(remove(chat_id))).toBe(232009)
    expect(await codeOf(remove('oc_none'))).toBe(232006)
    expect(await codeOf(remove(await bench.p2p('李静')))).toBe(232008)
  })

  it('have managers that their owner names', async () => {
    const chat_id = await ownGroup('李静', '王强')
    const add = (id: string, ...names: string[]) =>
      sdk.im.v1.chatManagers.addManagers({
        path: { chat_id: id },
        params: { member_id_type: 'open_id' },
        data: { manager_ids: names.map(name => bench.id(name)) },
      })
    expect((await add(chat_id, '李静')).data?.chat_managers).toEqual([bench.id('李静')])
    expect(await codeOf(add(chat_id, '冯军'))).toBe(232027)
    expect(await codeOf(add(bench.group('办公室工作群'), '李静'))).toBe(232038)
    const left = await sdk.im.v1.chatManagers.deleteManagers({
      path: { chat_id },
      params: { member_id_type: 'open_id' },
      data: { manager_ids: [bench.id('李静')] },
    })
    expect(left.data?.chat_managers).toEqual([])
  })

  it('have a link, an announcement and a notice on top', async () => {
    const chat_id = await ownGroup('李静')
    const link = await sdk.im.v1.chat.link({ path: { chat_id }, data: { validity_period: 'permanently' } })
    expect(link.data).toMatchObject({ share_link: expect.stringContaining('link_token='), is_permanent: true })
    expect(await codeOf(sdk.im.v1.chat.link({ path: { chat_id: await bench.p2p('李静') }, data: {} }))).toBe(232062)
    const payload = JSON.stringify({ blocks: [{ paragraph: { elements: [{ textRun: { text: '请准时' } }] } }] })
    const request = JSON.stringify({ requestType: 'InsertBlocksRequestType', insertBlocksRequest: { payload } })
    const patch = (revision: string) =>
      sdk.im.v1.chatAnnouncement.patch({ path: { chat_id }, data: { revision, requests: [request] } })
    expect(await codeOf(patch('0'))).toBe(0)
    expect(await codeOf(patch('0'))).toBe(232001)
    const told = await sdk.im.v1.chatAnnouncement.get({ path: { chat_id } })
    expect(told.data).toMatchObject({ content: '请准时', revision: '1' })
    const put = (notice: { action_type: '1' | '2'; message_id?: string }) =>
      sdk.im.v1.chatTopNotice.putTopNotice({ path: { chat_id }, data: { chat_top_notice: [notice] } })
    expect(await codeOf(put({ action_type: '2', message_id: 'om_none' }))).toBe(232001)
    expect(await codeOf(put({ action_type: '1' }))).toBe(0)
    expect(bench.sim.state.chats.get(chat_id)?.top_notice).toEqual({ kind: 'announcement' })
    await sdk.im.v1.chatTopNotice.deleteTopNotice({ path: { chat_id } })
    expect(bench.sim.state.chats.get(chat_id)?.top_notice).toBeUndefined()
  })
})

describe('the directory', () => {
  it('finds people by mobile number and e-mail address, and has an entry without id for others', async () => {
    const { mobile = '', email = '' } = bench.sim.state.people.get(bench.id('李静')) ?? {}
    const answer = await sdk.contact.v3.user.batchGetId({
      params: { user_id_type: 'open_id' },
      data: { mobiles: [mobile.replace('+86', ''), '13700000000'], emails: [email] },
    })
    expect(answer.data?.user_list).toEqual([
      { email, user_id: bench.id('李静'), status: expect.objectContaining({ is_activated: true }) },
      { mobile: mobile.replace('+86', ''), user_id: bench.id('李静'), status: expect.anything() },
      { mobile: '13700000000' },
    ])
    const left = bench.sim.state.people.get(bench.id('施文'))?.email ?? ''
    const find = (include_resigned: boolean) =>
      sdk.contact.v3.user.batchGetId({ data: { emails: [left], include_resigned } })
    expect((await find(false)).data?.user_list?.[0]).not.toHaveProperty('user_id')
    expect((await find(true)).data?.user_list?.[0]).toHaveProperty('user_id')
    expect(await codeOf(sdk.contact.v3.user.batchGetId({ data: {} }))).toBe(40001)
    const many = Array.from({ length: 51 }, () => email)
    expect(await codeOf(sdk.contact.v3.user.batchGetId({ data: { emails: many } }))).toBe(40001)
  })

  it('shows numbers and addresses only with their scopes', async () => {
    const get = async () => (await sdk.contact.v3.user.get({ path: { user_id: bench.id('李静') } })).data?.user
    expect(await get()).not.toHaveProperty('mobile')
    await bench.ask('POST', '/scopes', { grant: ['contact:user.phone:readonly', 'contact:user.email:readonly'] })
    expect(await get()).toMatchObject({ mobile: expect.stringMatching(/^\+86/), email: expect.stringContaining('@') })
  })

  it('gives departments by id and upwards, as far as the contact range goes', async () => {
    const [office, other] = [...bench.sim.state.departments.values()]
    const ids = [office?.open_department_id ?? '', other?.open_department_id ?? '', 'od-none']
    const batch = () => sdk.contact.v3.department.batch({ params: { department_ids: ids } })
    expect((await batch()).data?.items?.map(one => one.name)).toEqual([office?.name, other?.name])
    const up = await sdk.contact.v3.department.parent({ params: { department_id: ids[0] ?? '' } })
    expect(up.data).toMatchObject({ has_more: false, items: [] })
    await bench.faults({ contact_scope: [ids[0] ?? ''] })
    expect((await batch()).data?.items?.map(one => one.name)).toEqual([office?.name])
    const outside = sdk.contact.v3.department.parent({ params: { department_id: ids[1] ?? '' } })
    expect(await codeOf(outside)).toBe(40004)
  })

  it('names people and departments by the kind of id that is asked for', async () => {
    const [office] = [...bench.sim.state.departments.values()]
    const open = office?.open_department_id ?? ''
    const get = (department_id: string, department_id_type: 'open_department_id' | 'department_id') =>
      sdk.contact.v3.department.get({
        path: { department_id },
        params: { department_id_type, user_id_type: 'union_id' },
      })
    const { department } = (await get(open, 'open_department_id')).data ?? {}
    const short = department?.department_id ?? ''
    expect(department?.leader_user_id).toMatch(/^on_/)
    expect((await get(short, 'department_id')).data?.department?.open_department_id).toBe(open)
    expect(await codeOf(get(short, 'open_department_id'))).not.toBe(0)
    const { user } = (
      await sdk.contact.v3.user.get({
        path: { user_id: bench.id('刘芳') },
        params: { user_id_type: 'open_id', department_id_type: 'department_id' },
      })
    ).data ?? { user: undefined }
    expect(user).toMatchObject({ department_ids: [short], leader_user_id: bench.id('李静') })
  })

  it('tells its range by pages', async () => {
    const first = await sdk.contact.v3.scope.list({ params: { page_size: 4 } })
    expect(first.data?.has_more).toBe(true)
    expect(first.data?.department_ids).toHaveLength(4)
    const rest = await sdk.contact.v3.scope.list({
      params: { page_size: 100, page_token: first.data?.page_token ?? '' },
    })
    expect(rest.data?.has_more).toBe(false)
    expect((rest.data?.department_ids?.length ?? 0) + 4).toBe(bench.sim.state.departments.size)
  })
})
