import type { CellInfo } from '../../../worker/core/report/cellInfos';
import type { CellSelection } from '../../figures/CellFigure';
import type { AppState } from '../../state';
import { Link } from '../../ui/Link';
import { useInspector } from '../InspectorContext';
import { gainText, subjectOfSelection } from './blameRows';

/** Under the selected part: what the model's output gains when this part alone is put back to float, or the way to know. */
export function BlameLine(props: { readonly state: AppState; readonly lstm: CellInfo; readonly selection: CellSelection }) {
  const { state, lstm, selection } = props;
  const inspector = useInspector();
  const { answer, asked } = state.studies.blame;
  const ops = state.host?.model.status === 'open' ? state.host.model.overview.ops : [];
  const subject = answer && subjectOfSelection(answer, lstm, selection, ops);
  if (asked)
    return (
      <p class="caption" data-testid="blame-line">
        Measuring what the model gains…
      </p>
    );
  if (!answer)
    return (
      <p class="caption" data-testid="blame-line">
        <Link testId="put-back" onClick={() => void inspector.blame()}>
          Put back to float
        </Link>{' '}
        <kbd>p</kbd> shows what the model’s output gains.
      </p>
    );
  return (
    <p class="caption" data-testid="blame-line" aria-live="polite">
      {subject ? gainText(answer, subject) : 'This part cannot be put back alone.'}
    </p>
  );
}
