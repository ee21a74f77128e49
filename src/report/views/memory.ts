import type { NetworkCost } from '../../cost/count.js';
import type { PeakActivations } from '../../cost/memory.js';
import { memoryReport } from '../../cost/memory-report.js';
import { formatShape } from '../../model/shape.js';
import { formatBytes, formatExact } from '../format.js';

/** Where memory goes, in words: the peak and what lives there, what fusion would save, what params take. */
export function memoryLines({ network, totals }: NetworkCost): readonly string[] {
  const { peak, fusedPeak, fusedSavesBytes, paramBytesByDtype } = memoryReport(network);
  const stored = Object.entries(paramBytesByDtype).map(([dtype, bytes]) => `${dtype} ${formatBytes(bytes)}`);
  const intensity = totals.trafficBytes === 0 ? 0 : totals.macs / totals.trafficBytes;
  return [
    `peak ${peakText(peak)}`,
    ...peak.alive.map(({ name, shape, bytes }) => `  ${name} ${formatShape(shape)}: ${formatBytes(bytes)}`),
    fusedSavesBytes > 0
      ? `fused depthwise + pointwise: peak ${peakText(fusedPeak)}, ${formatBytes(fusedSavesBytes)} less`
      : 'fused depthwise + pointwise: the same peak',
    `${formatExact(totals.params)} params; stored: ${stored.join(', ') || 'nothing'}`,
    `traffic ${formatBytes(totals.trafficBytes)}, ${intensity.toFixed(2)} macs per byte`,
  ];
}

const peakText = ({ bytes, layer, alive }: PeakActivations): string =>
  layer === undefined
    ? formatBytes(bytes)
    : `${formatBytes(bytes)} at ${layer}, with ${alive.length} tensors alive`;
