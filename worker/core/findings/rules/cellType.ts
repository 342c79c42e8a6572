import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { QUANTIZE_AGAIN } from '../recipeFragment';

export const cellType: FindingRule = {
  rule: 'cell-type',
  severity: 'error',
  title: 'Cell state is not int16',
  explanation:
    'The cell is kept over all steps and has 16 bits in every integer LSTM. The kernel reads and writes 16 bits a value, whatever the tensor says, past the end of a smaller one.',
  fix: 'Store the cell state as int16 with a power-of-two scale.',
  reference: 'arXiv 2101.05453: 16-bit cell; LiteRT 2.3.0, measured: an int8 cell is accepted; Vela 5.2.0, measured: crashes',
  recipe: QUANTIZE_AGAIN,
  check: everyLstm(({ info, isInteger, operand }) => {
    const cell = operand(LSTM_OPERANDS.cellState);
    if (!isInteger || cell === null || cell.dtype === 'int16') return null;
    return { message: `${info.name}: the cell state is ${cell.dtype}.`, tensor: cell };
  }),
};
