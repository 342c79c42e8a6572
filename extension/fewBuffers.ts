import type { TensorDetail } from '../worker/core/report/detail';

/**
 * The same with its histograms as plain lists. VS Code sends every typed array of a message to a page as a buffer of its own, and counts
 * them in one byte: beyond 250 or so, pages get the wrong ones, or none.
 */
export function withFewBuffers(detail: TensorDetail): TensorDetail {
  const { channels } = detail;
  if (channels === null) return detail;
  const plain = channels.channels.map((one) => ({ ...one, edges: Array.from(one.edges), counts: Array.from(one.counts) }));
  return { ...detail, channels: { ...channels, channels: plain } };
}
