/** Where the page or thread is no worker of its own, the module gives one that works in place. */
declare module 'elkjs/lib/elk-worker.min.js' {
  export const Worker: new () => globalThis.Worker;
}
