import { button, callback, cardWith, inForm, markdown, plain, type Specimen } from '../specimen.ts'

const TYPES = [
  'default',
  'primary',
  'danger',
  'text',
  'primary_text',
  'danger_text',
  'primary_filled',
  'danger_filled',
  'laser',
]
const options = [
  { text: plain('办公室'), value: 'office', icon: { tag: 'standard_icon', token: 'home_outlined', color: 'blue' } },
  { text: plain('督查科'), value: 'supervision', icon: { tag: 'standard_icon', token: 'flag_outlined', color: 'red' } },
  { text: plain('综治科'), value: 'order' },
]

export const interactive: Specimen[] = [
  {
    id: 'button',
    title: '按钮 button',
    about: '九种类型、四种大小、宽度、图标、提示、禁用与二次确认。',
    card: () =>
      cardWith(
        'button',
        {
          tag: 'column_set',
          flex_mode: 'flow',
          columns: TYPES.map(type => ({ tag: 'column', width: 'auto', elements: [button(type, { type }, { type })] })),
        },
        {
          tag: 'column_set',
          flex_mode: 'flow',
          columns: ['tiny', 'small', 'medium', 'large'].map(size => ({
            tag: 'column',
            width: 'auto',
            elements: [button(size, { size }, { size, icon: { tag: 'standard_icon', token: 'yes_outlined' } })],
          })),
        },
        button('撑满一行', { width: 'fill' }, { width: 'fill', type: 'primary' }),
        button(
          '先确认再办',
          { op: 'confirm' },
          { confirm: { title: plain('确认办结'), text: plain('办结后不能撤回。') } },
        ),
        button(
          '不能按',
          { op: 'never' },
          { disabled: true, disabled_tips: plain('仅限承办人'), hover_tips: plain('提示') },
        ),
        {
          tag: 'button',
          text: plain('打开网页'),
          behaviors: [{ type: 'open_url', default_url: 'https://example.com/open' }],
        },
      ),
  },
  {
    id: 'overflow',
    title: '折叠按钮组 overflow',
    about: '独立使用时回传 option。',
    card: () =>
      cardWith('overflow', {
        tag: 'overflow',
        options: [
          { text: plain('转办'), value: 'reassign' },
          { text: plain('取消'), value: 'cancel' },
          { text: plain('打开详情'), multi_url: { url: 'https://example.com/detail' } },
        ],
        behaviors: callback({ op: 'more' }),
      }),
  },
  {
    id: 'input',
    title: '输入框 input',
    about: '独立使用时按回车或对勾回传 input_value。',
    card: () =>
      cardWith(
        'input',
        {
          tag: 'input',
          name: 'reason',
          label: plain('理由'),
          placeholder: plain('请填写理由'),
          behaviors: callback({ op: 'reason' }),
        },
        {
          tag: 'input',
          name: 'left',
          label: plain('标题在左'),
          label_position: 'left',
          default_value: '已有内容',
          max_length: 20,
        },
        { tag: 'input', name: 'secret', input_type: 'password', placeholder: plain('口令') },
        {
          tag: 'input',
          name: 'long',
          input_type: 'multiline_text',
          rows: 3,
          auto_resize: true,
          max_rows: 6,
          placeholder: plain('多行'),
        },
        { tag: 'input', name: 'off', disabled: true, default_value: '禁用' },
      ),
  },
  {
    id: 'select_static',
    title: '单选下拉 select_static',
    about: '独立使用时选中即回传 option。',
    card: () =>
      cardWith(
        'select_static',
        {
          tag: 'select_static',
          name: 'room',
          placeholder: plain('选择科室'),
          options,
          behaviors: callback({ op: 'room' }),
        },
        { tag: 'select_static', name: 'preset', options, initial_index: 2, type: 'text' },
      ),
  },
  {
    id: 'multi_select_static',
    title: '多选下拉 multi_select_static',
    about: '只能放在表单里，提交为字符串数组。',
    card: () =>
      cardWith(
        'multi_select_static',
        inForm({
          tag: 'multi_select_static',
          name: 'rooms',
          placeholder: plain('选择科室'),
          options,
          selected_values: ['order'],
        }),
      ),
  },
  {
    id: 'select_person',
    title: '人员单选 select_person',
    about: '不给 options 时列出会话全体成员；回传 open_id。',
    card: ({ people }) =>
      cardWith(
        'select_person',
        {
          tag: 'select_person',
          name: 'one',
          placeholder: plain('选择承办人'),
          options: people.slice(0, 4).map(value => ({ value })),
          behaviors: callback({ op: 'give' }),
        },
        { tag: 'select_person', name: 'anyone', placeholder: plain('会话成员') },
      ),
  },
  {
    id: 'multi_select_person',
    title: '人员多选 multi_select_person',
    about: '只能放在表单里，提交为 open_id 数组。',
    card: ({ people }) =>
      cardWith(
        'multi_select_person',
        inForm({
          tag: 'multi_select_person',
          name: 'several',
          placeholder: plain('选择承办人'),
          options: people.slice(0, 4).map(value => ({ value })),
        }),
      ),
  },
  {
    id: 'date_picker',
    title: '日期 date_picker',
    about: '回传 "yyyy-MM-dd +0800" 与 timezone。',
    card: () =>
      cardWith('date_picker', {
        tag: 'date_picker',
        name: 'day',
        initial_date: '2026-11-24',
        placeholder: plain('选择日期'),
        behaviors: callback({ op: 'day' }),
      }),
  },
  {
    id: 'picker_time',
    title: '时间 picker_time',
    about: '回传 "HH:mm +0800" 与 timezone。',
    card: () =>
      cardWith('picker_time', {
        tag: 'picker_time',
        name: 'time',
        initial_time: '08:30',
        placeholder: plain('选择时间'),
      }),
  },
  {
    id: 'picker_datetime',
    title: '日期时间 picker_datetime',
    about: '回传 "yyyy-MM-dd HH:mm +0800" 与 timezone。',
    card: () =>
      cardWith('picker_datetime', {
        tag: 'picker_datetime',
        name: 'moment',
        initial_datetime: '2026-11-24 08:30',
        placeholder: plain('选择日期时间'),
      }),
  },
  {
    id: 'checker',
    title: '勾选器 checker',
    about: '有 callback 才回传 checked；可带至多三个按钮。',
    card: () =>
      cardWith(
        'checker',
        {
          tag: 'checker',
          name: 'done',
          text: plain('整理会议纪要'),
          checked: false,
          checked_style: { show_strikethrough: true, opacity: 0.6 },
          behaviors: callback({ op: 'tick' }),
          button_area: {
            pc_display_rule: 'always',
            buttons: [button('催办', { op: 'nudge' }, { type: 'text', size: 'small' })],
          },
        },
        {
          tag: 'checker',
          name: 'quiet',
          text: { tag: 'lark_md', content: '**没有回调**，只在本机勾选' },
          checked: true,
        },
        { tag: 'checker', name: 'fixed', text: plain('禁用'), disabled: true, disabled_tips: plain('已归档') },
      ),
  },
  {
    id: 'select_img',
    title: '图片选择 select_img',
    about: '独立使用为单选，回传 option；表单中可多选。',
    card: ({ images }) =>
      cardWith(
        'select_img',
        {
          tag: 'select_img',
          name: 'picture',
          layout: 'bisect',
          aspect_ratio: '16:9',
          options: images.map((img_key, at) => ({ img_key, value: `picture_${at + 1}`, disabled: at === 3 })),
          behaviors: callback({ op: 'picture' }),
        },
        markdown('第四张已禁用'),
      ),
  },
]
