export interface Topology {
  readonly cifg: boolean;
  readonly layerNorm: boolean;
  readonly projection: boolean;
  readonly peephole: boolean;
  /** Half of the weights are 0. */
  readonly sparse: boolean;
}

/** What a model's name says, such as `cifg-ln-proj-peep-sparse`. */
export function topologyOf(name: string): Topology {
  const parts = new Set(name.split('-'));
  return {
    cifg: parts.has('cifg'),
    layerNorm: parts.has('ln'),
    projection: parts.has('proj'),
    peephole: parts.has('peep'),
    sparse: parts.has('sparse'),
  };
}

/** `CIFG + LN + projection`, without a word on sparsity. */
export function topologyLabel(name: string): string {
  const { cifg, layerNorm, projection, peephole } = topologyOf(name);
  const parts = [cifg ? 'CIFG' : 'LSTM', layerNorm && 'LN', projection && 'proj', peephole && 'peep'];
  return parts.filter((part) => part !== false).join(' + ');
}

/** LSTMs first, then CIFG; the more parts the later; each dense, then sparse. */
export function inTableOrder(names: readonly string[]): string[] {
  const rank = (name: string) => {
    const { cifg, layerNorm, projection, peephole, sparse } = topologyOf(name);
    return [cifg, layerNorm, projection, peephole, sparse].reduce((sum, has) => sum * 2 + Number(has), 0);
  };
  return [...names].sort((a, b) => rank(a) - rank(b));
}
