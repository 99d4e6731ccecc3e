import { button, cardWith, markdown, plain, type Specimen } from '../specimen.ts'

const TEMPLATES = 'blue wathet turquoise green yellow orange red carmine violet purple indigo grey default'.split(' ')

const header = (template: string): Specimen => ({
  id: `header_${template}`,
  title: `标题栏 ${template}`,
  about: '标题、副标题、至多三个标签、图标与标题色。',
  card: () => ({
    ...cardWith('', markdown(`template: ${template}`)),
    header: {
      title: plain('关于做好年终督查工作的通知'),
      subtitle: plain('督查科 · 待签收'),
      template,
      icon: { tag: 'standard_icon', token: 'announcement_outlined' },
      text_tag_list: [
        { tag: 'text_tag', text: plain('紧急'), color: 'red' },
        {
          tag: 'text_tag',
          text: plain('同色'),
          color: template === 'default' || template === 'grey' ? 'neutral' : template,
        },
      ],
    },
  }),
})

export const whole: Specimen[] = [
  ...TEMPLATES.map(header),
  {
    id: 'own_style',
    title: '自定义字号与颜色',
    about: 'config.style 定义的名字可用在卡片任何地方，颜色分浅色与深色。',
    card: () => ({
      ...cardWith(
        'config.style',
        { tag: 'div', text: { ...plain('自定义字号与颜色'), text_size: 'grand', text_color: 'brand' } },
        markdown("<font color='brand'>标签里也可用</font>"),
      ),
      config: {
        update_multi: true,
        width_mode: 'default',
        style: {
          text_size: { grand: { default: 'heading-1', pc: 'heading-1', mobile: 'heading-3' } },
          color: { brand: { light_mode: 'rgba(122,53,240,1)', dark_mode: 'rgba(184,143,254,1)' } },
        },
      },
    }),
  },
  {
    id: 'card_link',
    title: '整卡跳转 card_link',
    about: '可为各平台分别给出地址。',
    card: () => ({
      ...cardWith('card_link', markdown('卡片下方可打开详情')),
      card_link: { url: 'https://example.com/card' },
    }),
  },
  {
    id: 'languages',
    title: '多语言 i18n_content',
    about: '每段文字各带译文，客户端用什么语言就显示什么；config.locales 限定哪些语言有效。',
    card: () => {
      const card = cardWith('', {
        ...markdown('原文'),
        i18n_content: { zh_cn: '请于周五前**签收**', en_us: 'Please **sign** by Friday' },
      })
      const title = { ...plain('标题原文'), i18n_content: { zh_cn: '督办通知', en_us: 'Supervised task' } }
      return { ...card, config: { update_multi: true, locales: ['zh_cn', 'en_us'] }, header: { title } }
    },
  },
  {
    id: 'streaming',
    title: '流式卡片 streaming_mode',
    about: '接着原文写下去的文字逐字出现。请在下方 JSON 中把正文写长，看它打字；改短或改写则立即显示。',
    card: () => ({
      ...cardWith('流式卡片', { ...markdown('正在起草：'), element_id: 'draft' }),
      config: {
        update_multi: true,
        streaming_mode: true,
        streaming_config: { print_frequency_ms: { default: 50 }, print_step: { default: 2 }, print_strategy: 'fast' },
      },
    }),
  },
  {
    id: 'forwarded',
    title: '转发的卡片',
    about: '转发出去的副本只供阅读，除非 enable_forward_interaction 为真。',
    inert: true,
    card: () => cardWith('转发', markdown('这是一份转发的副本'), button('签收', { op: 'accept' })),
  },
  {
    id: 'literal',
    title: '原样文字',
    about: '用户的文字即使像标记，也只是文字。',
    card: () =>
      cardWith(
        '<b>标题</b> <at id=all></at>',
        { tag: 'div', text: plain('<img src=x onerror=alert(1)> **星号** [链接](javascript:alert(1))') },
        markdown(
          '[链接](javascript:alert%281%29) <script>alert(1)</script> <iframe src="https://example.com"></iframe>',
        ),
      ),
  },
]
