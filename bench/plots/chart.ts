/** Line charts as SVG text, with logarithmic axes where asked: all that the results need, and no library. */

export interface Line {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface Chart {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly lines: readonly Line[]
}

export interface Axis {
  readonly title: string
  /** Places of the marks, with their labels; the axis reaches from the first to the last. */
  readonly marks: readonly (readonly [value: number, label: string])[]
  readonly logarithmic: boolean
}

const width = 860
const height = 440
/** The names of the lines stand at the right. */
const area = { left: 80, top: 48, right: width - 180, bottom: height - 64 }
/** Okabe and Ito's colours, which most people can tell apart: https://jfly.uni-koeln.de/color/ */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#7f7f7f']

/** The chart as a whole SVG document, dark on white. */
export function renderChart({ title, x, y, lines }: Chart): string {
  const toX = scale(x, area.left, area.right)
  const toY = scale(y, area.bottom, area.top)
  const drawn = lines.filter(({ points }) => points.length > 0)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(area.left, 28, title, 'font-size="16"'),
    ...x.marks.map(([value, label]) => vertical(toX(value), label)),
    ...y.marks.map(([value, label]) => horizontal(toY(value), label)),
    text((area.left + area.right) / 2, height - 16, x.title, 'text-anchor="middle"'),
    text(
      20,
      (area.top + area.bottom) / 2,
      y.title,
      `text-anchor="middle" transform="rotate(-90 20 ${(area.top + area.bottom) / 2})"`,
    ),
    ...drawn.map((line, i) => renderLine(line, colours[i % colours.length]!, toX, toY)),
    ...labels(drawn, toY),
    '</svg>',
    '',
  ].join('\n')
}

type Scale = (value: number) => number

function scale({ marks, logarithmic }: Axis, from: number, to: number): Scale {
  const place = logarithmic ? Math.log : (value: number) => value
  const first = place(marks[0]![0])
  const last = place(marks.at(-1)![0])
  return (value) => from + ((place(value) - first) / (last - first || 1)) * (to - from)
}

function renderLine({ name, points }: Line, colour: string, toX: Scale, toY: Scale): string {
  const places = points.map(([x, y]) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`)
  const dots = places.map((place) => {
    const [cx, cy] = place.split(',')
    return `<circle cx="${cx}" cy="${cy}" r="3"/>`
  })
  const path = `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`
  return `<g fill="${colour}"><desc>${escapeXml(name)}</desc>${path}${dots.join('')}</g>`
}

/** A name beside the end of each line, moved apart where they would overlap. */
function labels(lines: readonly Line[], toY: Scale): string[] {
  const least = 16
  const places = lines
    .map(({ name, points }, i) => ({ name, colour: colours[i % colours.length]!, y: toY(points.at(-1)![1]) }))
    .sort((a, b) => a.y - b.y)
  let above = Number.NEGATIVE_INFINITY
  return places.map(({ name, colour, y }) => {
    above = Math.max(y + 4, above + least)
    return text(area.right + 12, above, name, `fill="${colour}"`)
  })
}

function vertical(x: number, label: string): string {
  const line = `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${area.top}" y2="${area.bottom}" stroke="#ddd"/>`
  return line + text(x, area.bottom + 20, label, 'text-anchor="middle" fill="#555"')
}

function horizontal(y: number, label: string): string {
  const line = `<line x1="${area.left}" x2="${area.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="#ddd"/>`
  return line + text(area.left - 8, y + 4, label, 'text-anchor="end" fill="#555"')
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeXml(content)}</text>`
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
