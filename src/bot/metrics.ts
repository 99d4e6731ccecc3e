/** Counters and one histogram as Prometheus text: small enough to need no library on either runtime. */
export interface Metrics {
  count(name: string, labels: Record<string, string>): void
  observe(ms: number): void
  print(gauges: Gauge[]): string
}

export interface Gauge {
  name: string
  help: string
  value: number | Sorted
}

/** A value for each of several kinds, by the label that tells them apart. */
export interface Sorted {
  label: string
  values: Record<string, number>
}

const HELP: Record<string, string> = {
  huiyin_turns_total: 'Turns by kind and outcome',
  huiyin_deliveries_total: 'Parcels that left or failed, by API and outcome',
  huiyin_api_calls_total: 'Calls to the Open Platform by path and code',
  huiyin_connections_total: 'Long connections opened, lost, and not to be had',
}
const BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500]

export function createMetrics(): Metrics {
  const counters = new Map<string, number>()
  const buckets = BOUNDS_MS.map(() => 0)
  let [sum, total] = [0, 0]
  return {
    count(name, labels) {
      const key = `${name}{${Object.entries(labels)
        .map(([label, value]) => `${label}="${value.replace(/[\\"\n]/g, '_')}"`)
        .join(',')}}`
      counters.set(key, (counters.get(key) ?? 0) + 1)
    },
    observe(ms) {
      sum += ms
      total++
      BOUNDS_MS.forEach((bound, i) => {
        if (ms <= bound) buckets[i] = (buckets[i] ?? 0) + 1
      })
    },
    print(gauges) {
      const counted = Object.entries(HELP).flatMap(([name, help]) => [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} counter`,
        ...[...counters].filter(([key]) => key.startsWith(`${name}{`)).map(([key, value]) => `${key} ${value}`),
      ])
      const histogram = [
        '# HELP huiyin_turn_seconds Time from the delivery to its answer',
        '# TYPE huiyin_turn_seconds histogram',
        ...BOUNDS_MS.map((bound, i) => `huiyin_turn_seconds_bucket{le="${bound / 1_000}"} ${buckets[i]}`),
        `huiyin_turn_seconds_bucket{le="+Inf"} ${total}`,
        `huiyin_turn_seconds_sum ${sum / 1_000}`,
        `huiyin_turn_seconds_count ${total}`,
      ]
      const gauged = gauges.flatMap(({ name, help, value }) => [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...(typeof value === 'number' ? [`${name} ${value}`] : sorted(name, value)),
      ])
      return `${[...counted, ...histogram, ...gauged].join('\n')}\n`
    },
  }
}

const sorted = (name: string, { label, values }: Sorted): string[] =>
  Object.entries(values).map(([kind, value]) => `${name}{${label}="${kind}"} ${value}`)
