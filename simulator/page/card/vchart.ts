import { registerAreaChart } from '@visactor/vchart/esm/chart/area'
import { registerBarChart } from '@visactor/vchart/esm/chart/bar'
import { registerBoxplotChart } from '@visactor/vchart/esm/chart/box-plot'
import { registerCirclePackingChart } from '@visactor/vchart/esm/chart/circle-packing'
import { registerCommonChart } from '@visactor/vchart/esm/chart/common'
import { registerCorrelationChart } from '@visactor/vchart/esm/chart/correlation'
import { registerFunnelChart } from '@visactor/vchart/esm/chart/funnel'
import { registerGaugeChart } from '@visactor/vchart/esm/chart/gauge'
import { registerHeatmapChart } from '@visactor/vchart/esm/chart/heatmap'
import { registerHistogramChart } from '@visactor/vchart/esm/chart/histogram'
import { registerLineChart } from '@visactor/vchart/esm/chart/line'
import { registerPieChart } from '@visactor/vchart/esm/chart/pie'
import { registerCircularProgressChart } from '@visactor/vchart/esm/chart/progress/circular'
import { registerLinearProgressChart } from '@visactor/vchart/esm/chart/progress/linear'
import { registerRadarChart } from '@visactor/vchart/esm/chart/radar'
import { registerRangeAreaChart } from '@visactor/vchart/esm/chart/range-area'
import { registerRangeColumnChart } from '@visactor/vchart/esm/chart/range-column'
import { registerRoseChart } from '@visactor/vchart/esm/chart/rose'
import { registerSankeyChart } from '@visactor/vchart/esm/chart/sankey'
import { registerScatterChart } from '@visactor/vchart/esm/chart/scatter'
import { registerSunburstChart } from '@visactor/vchart/esm/chart/sunburst'
import { registerTreemapChart } from '@visactor/vchart/esm/chart/treemap'
import { registerWaterfallChart } from '@visactor/vchart/esm/chart/waterfall'
import { registerWordCloudChart } from '@visactor/vchart/esm/chart/word-cloud'
import {
  registerCartesianBandAxis,
  registerCartesianLinearAxis,
  registerCartesianLogAxis,
  registerCartesianTimeAxis,
} from '@visactor/vchart/esm/component/axis/cartesian'
import { registerPolarBandAxis, registerPolarLinearAxis } from '@visactor/vchart/esm/component/axis/polar'
import { registerCartesianCrossHair, registerPolarCrossHair } from '@visactor/vchart/esm/component/crosshair'
import { registerDataZoom, registerScrollBar } from '@visactor/vchart/esm/component/data-zoom'
import { registerIndicator } from '@visactor/vchart/esm/component/indicator'
import { registerLabel } from '@visactor/vchart/esm/component/label'
import { registerTotalLabel } from '@visactor/vchart/esm/component/label/total-label'
import { registerContinuousLegend, registerDiscreteLegend } from '@visactor/vchart/esm/component/legend'
import { registerMarkArea } from '@visactor/vchart/esm/component/marker/mark-area'
import { registerMarkLine } from '@visactor/vchart/esm/component/marker/mark-line'
import { registerMarkPoint } from '@visactor/vchart/esm/component/marker/mark-point'
import { registerPlayer } from '@visactor/vchart/esm/component/player'
import { registerTitle } from '@visactor/vchart/esm/component/title'
import { registerTooltip } from '@visactor/vchart/esm/component/tooltip'
import { VChart } from '@visactor/vchart/esm/core'
import { registerBrowserEnv } from '@visactor/vchart/esm/env'
import { registerGridLayout } from '@visactor/vchart/esm/layout/grid-layout/grid-layout'
import { registerAllMarks } from '@visactor/vchart/esm/mark'
import { registerFormatPlugin } from '@visactor/vchart/esm/plugin/chart/formatter'
import { registerCanvasTooltipHandler } from '@visactor/vchart/esm/plugin/components/tooltip-handler'

// What a card may draw, on canvas only: the plug-ins that make HTML of a specification stay out.
// biome-ignore lint/correctness/useHookAtTopLevel: it only has the name of a hook
VChart.useRegisters([
  registerBrowserEnv,
  registerAllMarks,
  registerLineChart,
  registerAreaChart,
  registerBarChart,
  registerScatterChart,
  registerPieChart,
  registerRoseChart,
  registerRadarChart,
  registerHistogramChart,
  registerGaugeChart,
  registerWordCloudChart,
  registerFunnelChart,
  registerWaterfallChart,
  registerBoxplotChart,
  registerCircularProgressChart,
  registerLinearProgressChart,
  registerRangeColumnChart,
  registerRangeAreaChart,
  registerSunburstChart,
  registerCirclePackingChart,
  registerTreemapChart,
  registerSankeyChart,
  registerHeatmapChart,
  registerCorrelationChart,
  registerCommonChart,
  registerCartesianLinearAxis,
  registerCartesianBandAxis,
  registerCartesianTimeAxis,
  registerCartesianLogAxis,
  registerPolarBandAxis,
  registerPolarLinearAxis,
  registerDiscreteLegend,
  registerContinuousLegend,
  registerTooltip,
  registerCartesianCrossHair,
  registerPolarCrossHair,
  registerDataZoom,
  registerScrollBar,
  registerIndicator,
  registerMarkLine,
  registerMarkArea,
  registerMarkPoint,
  registerTitle,
  registerPlayer,
  registerLabel,
  registerTotalLabel,
  registerGridLayout,
  registerCanvasTooltipHandler,
  registerFormatPlugin,
])

const COLOURS: Record<string, string[]> = {
  brand: ['#1456f0', '#4c88ff', '#75a4ff', '#a3c2ff', '#047fb0', '#0f8575'],
  rainbow: ['#3370ff', '#0f8575', '#e8a20c', '#e22e28', '#8d55ed', '#cc398c', '#047fb0', '#6b7f06'],
  complementary: ['#3370ff', '#db7018', '#75a4ff', '#f3871b', '#1456f0', '#a44904'],
  converse: ['#258832', '#e22e28', '#51ba43', '#f6827e', '#1a7526', '#c02a26'],
  primary: ['#3370ff', '#1fa18f', '#f0b622', '#f05b56', '#a575fa'],
}

interface Look {
  dark: boolean
  colours: string
}

/** Draws a specification into a box; answers how to take it away again. */
export async function draw(box: HTMLElement, spec: Record<string, unknown>, look: Look): Promise<() => void> {
  const tooltip = typeof spec.tooltip === 'object' ? spec.tooltip : {}
  const whole = {
    background: 'transparent',
    ...(COLOURS[look.colours] && { color: COLOURS[look.colours] }),
    animation: false,
    ...spec,
    tooltip: { ...tooltip, renderMode: 'canvas' },
  }
  // The specification is somebody else's JSON: what is wrong with it VChart says by throwing.
  const chart = new VChart(whole as unknown as ConstructorParameters<typeof VChart>[0], {
    dom: box,
    theme: look.dark ? 'dark' : 'light',
    animation: false,
  })
  await chart.renderAsync()
  return () => chart.release()
}
