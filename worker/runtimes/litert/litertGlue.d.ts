/** LiteRT's Emscripten glue; bundlers get it through bundleGlue.mjs. */
declare module '@litertjs/core/wasm/litert_wasm_compat_internal.js' {
  const ModuleFactory: unknown;
  export default ModuleFactory;
}
