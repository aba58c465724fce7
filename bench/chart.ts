/** Figures -> an SVG with a panel of bars for each workload, readable on light and dark paper. */

export type Bar = {
  readonly label: string;
  readonly value: number;
  readonly isOurs: boolean;
};
export type Panel = {
  readonly title: string;
  readonly subtitle: string;
  /** Of the values. */
  readonly unit: string;
  readonly bars: readonly Bar[];
};

const columns = 2;
const width = 920;
const margin = 20;
const gap = 40;
const columnWidth = (width - 2 * margin - (columns - 1) * gap) / columns;
const head = { caption: 52, panel: 52 };
const row = { pitch: 24, bar: 16 };
const foot = 22;
/** Of a character at 14 px, in the widest of the faces that systems call sans-serif. */
const characterWidth = 8.2;

const style = `
  svg { --ink: #1c2024; --faint: #5c6370; --bar: #8d94a0; --ours: #2450b2; --paper: #fbfaf8; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e8e6e1; --faint: #a4abb8; --bar: #6b7280; --ours: #8fb0ff; --paper: #16181b; }
  }
  text { font: 14px system-ui, sans-serif; fill: var(--ink); }
  .title { font-weight: 600; font-size: 15px; }
  .faint { fill: var(--faint); font-size: 13px; }
  .end { text-anchor: end; }
  rect { fill: var(--bar); }
  rect.ours { fill: var(--ours); }
  rect.paper { fill: var(--paper); }
`;

/** @param caption what the bars are, in a line */
export function chart(caption: string, panels: readonly Panel[]): string {
  // each panel goes where less stands already
  const heights = Array.from({ length: columns }, () => head.caption);
  const drawn = panels.map((panel) => {
    const top = Math.min(...heights);
    const column = heights.indexOf(top);
    heights[column] = top + head.panel + panel.bars.length * row.pitch + foot;
    return drawPanel(panel, margin + column * (columnWidth + gap), top);
  });
  const height = Math.max(...heights);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(caption)}</title>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    text(margin, 30, caption, "faint"),
    ...drawn.flat(),
    "</svg>\n",
  ].join("\n");
}

function drawPanel({ title, subtitle, unit, bars }: Panel, left: number, top: number): string[] {
  const labels = Math.max(0, ...bars.map(({ label }) => label.length)) * characterWidth + 8;
  const values = Math.max(0, ...bars.map(({ value }) => short(value, unit).length)) * characterWidth + 8;
  const longest = Math.max(0, ...bars.map(({ value }) => value));
  const room = columnWidth - labels - values;
  const rows = bars.flatMap(({ label, value, isOurs }, at) => {
    const y = top + head.panel + at * row.pitch;
    const length = Math.max(1, (value / longest) * room);
    return [
      text(left + labels - 8, y + 13, label, "end"),
      `<rect class="${isOurs ? "ours" : "theirs"}" x="${round(left + labels)}" y="${y}" width="${round(length)}" height="${row.bar}" rx="2"/>`,
      text(left + labels + length + 8, y + 13, short(value, unit)),
    ];
  });
  return [text(left, top + 18, title, "title"), text(left, top + 38, subtitle, "faint"), ...rows];
}

/** Three digits that count. */
function short(value: number, unit: string): string {
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
}

function text(x: number, y: number, content: string, kind = "plain"): string {
  return `<text x="${round(x)}" y="${y}" class="${kind}">${escape(content)}</text>`;
}

const round = (pixels: number) => Math.round(pixels * 10) / 10;

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
