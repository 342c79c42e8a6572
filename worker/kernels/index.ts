// AssemblyScript entry: what worker/core/kernels calls. Compiled by build.mjs; memory is handed in, one per prepared layer.
export * from './activation';
export * from './matrix';
export * from './matrixInFours';
export * from './matrixInOrder';
export * from './elementwise';
export * from './floatElementwise';
export * from './layerNorm';
