import { Audio } from './audio.tsx'
import { Button, Overflow } from './button.tsx'
import { Chart } from './chart.tsx'
import { Checker } from './checker.tsx'
import { InteractiveContainer } from './container.tsx'
import { DateField } from './date.tsx'
import type { Registry } from './element.tsx'
import { Form } from './form.tsx'
import { Img, ImgCombination } from './img.tsx'
import { Input } from './input.tsx'
import { ColumnSet, Hr } from './layout.tsx'
import { MultiSelect } from './multi-select.tsx'
import { Panel } from './panel.tsx'
import { PersonElement, PersonList } from './people.tsx'
import { Select } from './select.tsx'
import { SelectImg } from './select-img.tsx'
import { Table } from './table.tsx'
import { Div, MarkdownElement, PlainText } from './text.tsx'

export const registry: Registry = {
  markdown: MarkdownElement,
  div: Div,
  plain_text: PlainText,
  hr: Hr,
  img: Img,
  img_combination: ImgCombination,
  person: PersonElement,
  person_list: PersonList,
  column_set: ColumnSet,
  collapsible_panel: Panel,
  interactive_container: InteractiveContainer,
  form: Form,
  table: Table,
  button: Button,
  overflow: Overflow,
  input: Input,
  select_static: Select,
  select_person: Select,
  multi_select_static: MultiSelect,
  multi_select_person: MultiSelect,
  date_picker: DateField,
  picker_time: DateField,
  picker_datetime: DateField,
  checker: Checker,
  select_img: SelectImg,
  chart: Chart,
  audio: Audio,
}
