/** How a 3x3 convolution is computed, where there is a choice. `auto` keeps errors below 1e-4 of the largest output. */
export const algorithms = ['auto', 'direct', 'winograd-2', 'winograd-4', 'winograd-6'] as const;
export type Algorithm = (typeof algorithms)[number];
