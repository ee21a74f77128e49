/** Sizes of what kernels move: a float32, and a vector of four. */
export const floatBytes = 4;
export const vectorBytes = 16;
