/** How the times of which data was lost are drawn: hatched, in the colour of what is not known, behind the curves. */
import type uPlot from 'uplot';
import type { Span } from './gaps.ts';

/** What is narrower would not be seen; in pixels of the style sheet. */
const minWidth = 3;
const hatchDistance = 7;
const fillAlpha = 0.14;
const hatchAlpha = 0.4;

export function drawGapBands(plot: uPlot, bands: readonly Span[], color: string): void {
  if (bands.length === 0 || plot.scales.x?.min == null) return;
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = color;
  ctx.strokeStyle = color;
  ctx.lineWidth = ratio;
  for (const { from, to } of bands) {
    const left = plot.valToPos(from / 1_000, 'x', true);
    const right = plot.valToPos(to / 1_000, 'x', true);
    const width = Math.max(right - left, minWidth * ratio);
    const x = Math.min(left, bbox.left + bbox.width - width);
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, bbox.top, width, bbox.height);
    ctx.clip();
    ctx.globalAlpha = fillAlpha;
    ctx.fillRect(x, bbox.top, width, bbox.height);
    ctx.globalAlpha = hatchAlpha;
    ctx.beginPath();
    for (let at = x - bbox.height; at < x + width; at += hatchDistance * ratio) {
      ctx.moveTo(at, bbox.top + bbox.height);
      ctx.lineTo(at + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}
