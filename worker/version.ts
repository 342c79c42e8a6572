/** Set by the bundler and by the test runner. */
declare const GATESCOPE_VERSION: string;

/** Program and version, as reports name it. */
export const GENERATOR = `GateScope ${GATESCOPE_VERSION}`;
