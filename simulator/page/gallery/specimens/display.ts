import { cardWith, markdown, plain, type Specimen } from '../specimen.ts'

const table = {
  tag: 'table',
  page_size: 3,
  row_height: 'auto',
  freeze_first_column: true,
  header_style: { bold: true, background_style: 'grey', text_align: 'left' },
}

export const display: Specimen[] = [
  {
    id: 'markdown',
    title: '富文本 markdown',
    about: 'CommonMark 子集：标题、列表、引用、代码、表格、链接、图片与表情。',
    card: ({ images }) =>
      cardWith(
        'markdown',
        markdown(
          [
            '# 一级标题',
            '**加粗** *斜体* ~~删除线~~ [飞书开放平台](https://open.feishu.cn) :OK: :THUMBSUP:',
            '1. 办公室',
            '    1. 文电',
            '2. 督查科',
            '- 会务',
            '    - 用车',
            '',
            '> 事事有交待、件件有回音',
            '',
            '```ts',
            'const due = "2026-11-27 17:30"',
            '```',
            '行内 `code` 一段',
            '',
            '| 科室 | 件数 |',
            '| :-- | --: |',
            ...['办公室', '督查科', '综治科', '车队', '东湖', '西山', '合计'].map(
              (name, at) => `| ${name} | ${at + 1} |`,
            ),
            '',
            '---',
            `![会议室](${images[0]})`,
          ].join('\n'),
        ),
      ),
  },
  {
    id: 'markdown_tags',
    title: '富文本标签',
    about:
      '飞书自己的标签：<at>、<font>、<text_tag>、<number_tag>、<link>、<person>、<local_datetime>、<raw>、<audio>。',
    card: ({ people, audio }) =>
      cardWith(
        'markdown 标签',
        markdown(`请 <at id=${people[0]}></at> 与 <at ids=${people[1]},${people[2]}></at> 办理，<at id=all></at> 知悉`),
        markdown("<font color='red'>红色</font> <font color='green'>绿色</font> <font color='grey'>灰色</font>"),
        markdown(
          "<text_tag color='blue'>标签</text_tag> <text_tag color='orange'>紧急</text_tag> <text_tag color='neutral'>中性</text_tag>",
        ),
        markdown(
          "<number_tag background_color='red'>7</number_tag> <number_tag background_color='grey' url='https://example.com/all'>128</number_tag>",
        ),
        markdown(
          "<link icon='chat_outlined' url='https://example.com/a' pc_url='https://example.com/pc'>带图标的链接</link> 与 <a href='https://example.com'>链接</a>",
        ),
        markdown(`<person id='${people[0]}' show_name=true show_avatar=true style='capsule'></person>`),
        markdown(
          ['date_num', 'date_short', 'date', 'week', 'week_short', 'time', 'time_sec', 'timezone']
            .map(type => `<local_datetime millisecond='1795509000000' format_type='${type}'></local_datetime>`)
            .join(' · '),
        ),
        markdown('<raw>**不解析** <font color=red>原样</font></raw><br>换行之后'),
        markdown('转义：&#60;at id=all&#62; &#42;&#42;不加粗&#42;&#42;'),
        markdown(`<audio file_key='${audio}'></audio>`),
      ),
  },
  {
    id: 'div',
    title: '普通文本 div',
    about: 'plain_text 或 lark_md，字号、颜色、对齐、行数与前缀图标。',
    card: () =>
      cardWith(
        'div',
        { tag: 'div', text: { ...plain('二级标题字号'), text_size: 'heading-2' } },
        {
          tag: 'div',
          icon: { tag: 'standard_icon', token: 'bell_outlined', color: 'orange' },
          text: { ...plain('带图标，橙色，居中'), text_color: 'orange', text_align: 'center' },
        },
        { tag: 'div', text: { tag: 'lark_md', content: '**lark_md** 文本' }, width: '240px' },
        {
          tag: 'div',
          text: { ...plain('最多显示两行。'.repeat(30)), lines: 2, text_size: 'notation', text_color: 'grey' },
        },
      ),
  },
  {
    id: 'hr',
    title: '分割线 hr',
    about: '没有属性。',
    card: () => cardWith('hr', markdown('上文'), { tag: 'hr' }, markdown('下文')),
  },
  {
    id: 'img',
    title: '图片 img',
    about: '尺寸、裁剪、圆角；按下可看大图。',
    card: ({ images }) =>
      cardWith(
        'img',
        { tag: 'img', img_key: images[0], alt: plain('山间日出'), title: plain('通栏图片'), corner_radius: '8px' },
        { tag: 'img', img_key: images[1], alt: plain('中号方图'), size: 'medium', scale_type: 'crop_center' },
        { tag: 'img', img_key: images[2], alt: plain('不放大'), size: '160px 90px', preview: false },
      ),
  },
  {
    id: 'img_combination',
    title: '多图混排 img_combination',
    about: 'double、triple、bisect、trisect 四种排法。',
    card: ({ images }) =>
      cardWith(
        'img_combination',
        ...(['double', 'triple', 'bisect', 'trisect'] as const).map((combination_mode, at) => ({
          tag: 'img_combination',
          combination_mode,
          img_list: [...images, ...images].slice(0, [2, 3, 4, 6][at]).map(img_key => ({ img_key })),
        })),
      ),
  },
  {
    id: 'table',
    title: '表格 table',
    about: '七种列类型、分页、冻结首列；只能放在卡片根级。',
    card: ({ people }) =>
      cardWith('table', {
        ...table,
        columns: [
          { name: 'matter', display_name: '事项', data_type: 'text', width: '120px' },
          { name: 'lamp', display_name: '状态', data_type: 'options', width: 'auto' },
          {
            name: 'share',
            display_name: '金额',
            data_type: 'number',
            horizontal_align: 'right',
            format: { precision: 2, symbol: '¥', separator: true },
          },
          { name: 'who', display_name: '承办人', data_type: 'persons' },
          { name: 'due', display_name: '时限', data_type: 'date', date_format: 'YYYY/MM/DD HH:mm' },
          { name: 'note', display_name: '备注', data_type: 'lark_md' },
          { name: 'long', display_name: '说明', data_type: 'markdown' },
        ],
        rows: Array.from({ length: 7 }, (_, at) => ({
          matter: `第${at + 1}件`,
          lamp: [{ text: at % 2 ? '逾期' : '在办', color: at % 2 ? 'red' : 'green' }],
          share: 1234.5 * (at + 1),
          who: [people[at % people.length]],
          due: 1795509000000 + at * 86_400_000,
          note: '**重点** [链接](https://example.com)',
          long: '- 一\n- 二',
        })),
      }),
  },
  {
    id: 'chart',
    title: '图表 chart',
    about: 'VChart 图表，随用随载；按右上角放大。',
    card: () =>
      cardWith(
        'chart',
        {
          tag: 'chart',
          aspect_ratio: '16:9',
          color_theme: 'brand',
          chart_spec: {
            type: 'bar',
            title: { text: '各科室办件数' },
            data: {
              values: ['办公室', '督查科', '综治科', '车队'].map((name, at) => ({ name, count: [12, 19, 7, 4][at] })),
            },
            xField: 'name',
            yField: 'count',
            label: { visible: true },
          },
        },
        {
          tag: 'chart',
          height: '220px',
          color_theme: 'rainbow',
          chart_spec: {
            type: 'pie',
            title: { text: '办理情况' },
            data: {
              values: [
                { type: '已完成', value: 61 },
                { type: '办理中', value: 30 },
                { type: '逾期', value: 9 },
              ],
            },
            valueField: 'value',
            categoryField: 'type',
            legends: { visible: true, orient: 'right' },
          },
        },
      ),
  },
  {
    id: 'person',
    title: '人员 person',
    about: '四种大小，可只显示头像或姓名，可作胶囊。',
    card: ({ people }) =>
      cardWith(
        'person',
        ...['extra_small', 'small', 'medium', 'large'].map(size => ({ tag: 'person', user_id: people[0], size })),
        { tag: 'person', user_id: people[1], style: 'capsule' },
        { tag: 'person', user_id: people[2], show_name: false },
      ),
  },
  {
    id: 'person_list',
    title: '人员列表 person_list',
    about: '多人；drop_invalid_user_id 为真时不存在的人被略去。',
    card: ({ people }) =>
      cardWith(
        'person_list',
        { tag: 'person_list', persons: people.slice(0, 6).map(id => ({ id })), size: 'small' },
        { tag: 'person_list', persons: people.slice(0, 6).map(id => ({ id })), show_name: false, size: 'medium' },
        {
          tag: 'person_list',
          drop_invalid_user_id: true,
          persons: [{ id: people[0] }, { id: `ou_${'9'.repeat(32)}` }],
          icon: { tag: 'standard_icon', token: 'member_outlined', color: 'blue' },
        },
      ),
  },
  {
    id: 'audio',
    title: '语音 audio',
    about: '上传的 opus 语音；含语音的卡片不能转发。',
    card: ({ audio }) => cardWith('audio', { tag: 'audio', file_key: audio, show_time: true, show_progress_bar: true }),
  },
  {
    id: 'icons',
    title: '图标 standard_icon',
    about: '常用图标由本页自绘，未收录的显示为中性方块。',
    card: () =>
      cardWith(
        '图标',
        ...[
          'bell_outlined',
          'calendar_filled',
          'member_outlined',
          'yes_outlined',
          'warning_outlined',
          'chat_outlined',
          'setting_outlined',
          'unheard-of_outlined',
        ].map((token, at) => ({
          tag: 'div',
          icon: {
            tag: 'standard_icon',
            token,
            color: ['blue', 'orange', 'purple', 'green', 'red', 'turquoise', 'grey', 'carmine'][at],
          },
          text: plain(token),
        })),
      ),
  },
]
