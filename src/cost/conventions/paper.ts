import type { Convention } from './convention.js';

/** The mult-adds of the MobileNet papers: convolutions and dense layers alone. */
export const paper: Convention = { name: 'paper', version: 'arXiv 1704.04861', terms: {}, rules: {} };
