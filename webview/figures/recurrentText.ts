import type { RecurrentInfo } from '../../worker/core/report/overview';
import * as format from '../charts/format';

/** `reset after the product, forward, clip ±3, gates by HardSigmoid(0.2, 0.5)`: the form of a GRU or a simple recurrent layer. */
export function recurrentNotes({ reset, direction, gateClip, gateActivation, activation }: RecurrentInfo): string {
  return [
    ...(reset === null ? [] : [`reset ${reset} the product`]),
    direction,
    ...(gateClip > 0 ? [`clip ±${format.bound(gateClip)}`] : []),
    ...(gateActivation === null || gateActivation === 'SIGMOID' ? [] : [`gates by ${gateActivation}`]),
    ...(activation === 'TANH' ? [] : [`${activation} in the place of tanh`]),
  ].join(', ');
}
