/** How a 3x3 convolution is computed, where there is a choice. */
export const algorithms = {
  auto: 'what is estimated fastest, with errors below 1e-4 of the largest output',
  direct: 'never Winograd',
  'winograd-2': 'F(2x2, 3x3) where possible',
  'winograd-4': 'F(4x4, 3x3) where possible',
  'winograd-6': 'F(6x6, 3x3) where possible: errors of about 1e-4',
} as const;
export type Algorithm = keyof typeof algorithms;
