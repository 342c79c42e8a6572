/** Set by the bundler and by the test runner. */
declare const GATESCOPE_VERSION: string;

export const VERSION: string = GATESCOPE_VERSION;
/** Program and version, as reports name it. */
export const GENERATOR = `GateScope ${VERSION}`;
