/** MobileNet v1's rule: `channels * width`, rounded down, but at least 8. */
export const scaleRoundingDownToAtLeast8 = (channels: number, width: number): number =>
  Math.max(8, Math.floor(channels * width));
