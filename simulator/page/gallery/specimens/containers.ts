import { button, callback, cardWith, inForm, markdown, plain, type Specimen } from '../specimen.ts'

const column = (words: string, more: object = {}) => ({ tag: 'column', elements: [markdown(words)], ...more })
const page = { multi_url: { url: 'https://example.com/columns' } }

export const containers: Specimen[] = [
  {
    id: 'column_set',
    title: '分栏 column_set',
    about: '列宽 auto、weighted 与像素；五种排列；背景与整块跳转。',
    card: () =>
      cardWith(
        'column_set',
        {
          tag: 'column_set',
          background_style: 'grey',
          columns: [
            column('权重 1', { width: 'weighted', weight: 1, background_style: 'blue-50' }),
            column('权重 3', { width: 'weighted', weight: 3, background_style: 'green-50' }),
          ],
        },
        {
          tag: 'column_set',
          horizontal_spacing: 'large',
          columns: [
            column('自适应', { width: 'auto' }),
            column('120 像素', { width: '120px', background_style: 'orange' }),
          ],
        },
        ...['flow', 'bisect', 'trisect', 'stretch'].map(flex_mode => ({
          tag: 'column_set',
          flex_mode,
          columns: ['甲', '乙', '丙'].map(name => column(`${flex_mode} ${name}`, { width: 'weighted', weight: 1 })),
        })),
        {
          tag: 'column_set',
          action: page,
          background_style: 'wathet',
          columns: [
            column('按下整块打开链接', { width: 'weighted', weight: 1, vertical_align: 'center' }),
            { tag: 'column', width: 'auto', elements: [button('里面的按钮', { op: 'inner' })] },
          ],
        },
      ),
  },
  {
    id: 'form',
    title: '表单 form',
    about: '只能放在根级；必填项由客户端检查，一次提交回传全部字段。',
    card: ({ people, images }) =>
      cardWith(
        'form',
        inForm(
          { tag: 'input', name: 'matter', label: plain('事项'), placeholder: plain('请填写事项'), required: true },
          {
            tag: 'select_static',
            name: 'level',
            placeholder: plain('紧急程度'),
            required: true,
            options: [
              { text: plain('平急'), value: 'normal' },
              { text: plain('特急'), value: 'urgent' },
            ],
          },
          {
            tag: 'multi_select_person',
            name: 'people',
            placeholder: plain('承办人'),
            options: people.slice(0, 4).map(value => ({ value })),
          },
          { tag: 'date_picker', name: 'due', placeholder: plain('完成时限'), initial_date: '2026-11-27' },
          { tag: 'checker', name: 'public', text: plain('抄送全体'), checked: true },
          {
            tag: 'select_img',
            name: 'cover',
            multi_select: true,
            layout: 'trisect',
            options: images.slice(0, 3).map((img_key, at) => ({ img_key, value: `p${at + 1}` })),
          },
          { tag: 'input', name: 'note', input_type: 'multiline_text', rows: 2, placeholder: plain('备注（选填）') },
        ),
      ),
  },
  {
    id: 'interactive_container',
    title: '交互容器 interactive_container',
    about: '整块可按；里面的组件被按时由它自己回传；可悬停提示、禁用、二次确认。',
    card: () =>
      cardWith(
        'interactive_container',
        {
          tag: 'interactive_container',
          width: 'fill',
          has_border: true,
          border_color: 'blue',
          corner_radius: '8px',
          background_style: 'blue-50',
          padding: '12px',
          hover_tips: plain('按下查看'),
          behaviors: callback({ op: 'open', id: 42 }),
          elements: [markdown('**整块可按**\n回传 value'), button('容器里的按钮', { op: 'inner' })],
        },
        {
          tag: 'interactive_container',
          has_border: true,
          corner_radius: '8px',
          padding: '12px',
          confirm: { title: plain('确认打开'), text: plain('打开后将通知承办人。') },
          behaviors: callback({ op: 'confirmed' }),
          elements: [markdown('需要二次确认')],
        },
        {
          tag: 'interactive_container',
          disabled: true,
          disabled_tips: plain('您没有权限'),
          has_border: true,
          padding: '12px',
          behaviors: callback({ op: 'never' }),
          elements: [markdown('已禁用')],
        },
      ),
  },
  {
    id: 'collapsible_panel',
    title: '折叠面板 collapsible_panel',
    about: '标题、图标位置与旋转角度、边框、初始是否展开。',
    card: () =>
      cardWith(
        'collapsible_panel',
        {
          tag: 'collapsible_panel',
          expanded: false,
          border: { color: 'grey', corner_radius: '6px' },
          header: {
            title: { tag: 'markdown', content: '**办理记录**' },
            background_color: 'grey-50',
            icon: { tag: 'standard_icon', token: 'down-small-ccm_outlined', size: '16px 16px' },
            icon_position: 'right',
            icon_expanded_angle: -180,
          },
          elements: [markdown('11月24日 王强 已签收')],
        },
        {
          tag: 'collapsible_panel',
          expanded: true,
          background_color: 'blue-50',
          header: {
            title: plain('图标在左'),
            icon: { tag: 'standard_icon', token: 'right_outlined' },
            icon_position: 'left',
            icon_expanded_angle: 90,
          },
          elements: [markdown('已展开'), button('面板里的按钮', { op: 'panel' })],
        },
      ),
  },
]
