/** What can be put back to float: layers, activation tensors, weights and parts of LSTMs; and quirks of the runtime, which are switched off. */
export type SubjectKind = 'layer' | 'tensor' | 'weights' | 'part' | 'quirk';

export const SUBJECT_KINDS: readonly SubjectKind[] = ['layer', 'tensor', 'weights', 'part', 'quirk'];
