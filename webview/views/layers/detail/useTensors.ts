import { useMemo } from 'preact/hooks';
import type { OperatorInfo } from '../../../../worker/core/report/overview';
import { MOST_TENSORS } from '../../../../worker/core/report/tensorInfos';
import { useDetail } from '../../useDetail';
import { tensorsOf, type OperatorTensor } from './tensorRoles';

const NONE: readonly OperatorTensor[] = [];

/** The tensors of an operator; null until they are there. */
export function useTensors(operator: OperatorInfo | null): readonly OperatorTensor[] | null {
  const request = useMemo(() => {
    if (operator === null) return null;
    const { subgraph, inputs, outputs } = operator;
    return { subgraph, tensors: [...inputs, ...outputs].slice(0, MOST_TENSORS) };
  }, [operator]);
  const { detail, problem } = useDetail('tensorInfos', `${operator?.subgraph}-${operator?.index}`, request);
  return useMemo(() => {
    if (operator === null || problem !== null) return NONE;
    return detail === null ? null : tensorsOf(operator, detail);
  }, [operator, detail, problem]);
}
