// convcost as a library: how much does a width multiplier of one half save?
import { countNetwork, parseNetwork } from 'convcost';

const full = countNetwork(parseNetwork('@112x112x32 sep3x3 64 sep3x3 128 s2 sep3x3 128'));
const half = countNetwork(parseNetwork('@112x112x16 sep3x3 32 sep3x3 64 s2 sep3x3 64'));

console.log(
  `${full.totals.macs} macs at full width, ${half.totals.macs} at half: ${half.totals.macs / full.totals.macs}`,
);
