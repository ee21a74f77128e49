/** MobileNet v1's rule: `channels * width`, rounded down, but at least 8. */
export const scaleRoundingDownToAtLeast8 = (channels: number, width: number): number =>
  Math.max(8, Math.floor(channels * width));

/** The rule of MobileNetV2 and later: the nearest multiple of 8, but never more than 10 % below. */
export function roundToMultipleOf8Within10Percent(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
