import { useDetail } from '../useDetail';
import { plural, shapeText } from '../text';

/** Names that fit into a tip. */
const MOST_NAMED = 3;

interface Props {
  readonly subgraph: number;
  /** Indices of what flows along the line. */
  readonly tensors: readonly number[];
}

/** `lstm_4/MatMul [1, 512] int8`, and how many more. */
export function LineTip({ subgraph, tensors }: Props) {
  const named = tensors.slice(0, MOST_NAMED);
  const { detail } = useDetail('tensorInfos', `${subgraph} ${named.join()}`, { subgraph, tensors: named });
  if (detail === null) return <>{plural(tensors.length, 'tensor')}</>;
  const texts = detail.map(({ name, shape, dtype }) => `${name.split(';')[0] ?? ''} ${shapeText(shape)} ${dtype}`);
  const rest = tensors.length - named.length;
  return <>{[...texts, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')}</>;
}
