import demo from '../../simulator/office.json' with { type: 'json' }

const [SECTION] = demo.departments
/** The one section of all of them. */
export const CROWDED_SECTION = SECTION?.open_department_id ?? ''

type DemoPerson = (typeof demo.people)[number]

/** So many colleagues of one section, 同事0 and on. */
export const crowdOf = (many: number): DemoPerson[] =>
  Array.from({ length: many }, (_, i) => ({
    ...(demo.people[0] as DemoPerson),
    department_ids: [CROWDED_SECTION],
    open_id: `ou_c${i.toString(16).padStart(31, '0')}`,
    union_id: `on_c${i.toString(16).padStart(31, '0')}`,
    user_id: `c${i}`,
    name: `同事${i}`,
    mobile: '',
    email: '',
  }))
