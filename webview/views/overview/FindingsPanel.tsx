import { useEffect, useRef, useState } from 'preact/hooks';
import type { Finding, Severity } from '../../../worker/core/findings/finding';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import { inputKey, keyOfLstm, sameOp } from '../../derived';
import type { CellSelection } from '../../figures/CellFigure';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Link } from '../../ui/Link';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { RECOGNISED_ID } from './RecognisedPanel';

const FIRST = 6;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const NAMES: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** What is wrong or worth knowing, worst first. */
export function FindingsPanel({ overview, report }: { readonly overview: ModelOverview; readonly report: Report | null }) {
  const [all, setAll] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  // The button is gone then: reading goes on where it was.
  useEffect(() => {
    if (all) (list.current?.children[FIRST] as HTMLElement | undefined)?.focus();
  }, [all]);
  const findings = report?.findings ?? overview.findings;
  if (findings.length === 0)
    return (
      <Panel title="Findings" testId="panel-findings">
        <p class="dim">{report ? 'None.' : 'None in the file itself.'}</p>
      </Panel>
    );
  const sorted = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const shown = all ? sorted : sorted.slice(0, FIRST);
  return (
    <Panel title="Findings" detail={summary(findings)} end={<ProblemsLink />} flush testId="panel-findings">
      <ul class="rows" ref={list}>
        {shown.map((finding, at) => (
          <FindingRow key={at} finding={finding} overview={overview} />
        ))}
      </ul>
      {shown.length < sorted.length ? (
        <div class="more">
          <Button
            onClick={() => {
              setAll(true);
            }}
          >
            {`Show ${sorted.length - shown.length} more`}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function ProblemsLink() {
  const inspector = useInspector();
  return (
    <Link testId="show-problems" onClick={() => void inspector.showProblems()}>
      Show in Problems
    </Link>
  );
}

function summary(findings: readonly Finding[]): string {
  return SEVERITIES.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number > 0 ? [plural(number, NAMES[severity])] : [];
  }).join(', ');
}

/** The signal of the LSTM that a rule is about. */
const SIGNALS: Readonly<Partial<Record<string, CellSelection>>> = {
  'cell-bits-unused': 'c',
  'cell-clip-inert': 'c',
  'cell-range-too-small': 'c',
  'cell-range-wasted': 'c',
  'cell-scale': 'c',
  'hidden-at-rails': 'm',
  'negated-hidden-zero-point': 'm',
  'output-at-rails': 'h',
};

/** What they are about has a panel of its own. */
const CELL_RULES: readonly string[] = ['lstm-as-loop', 'lstm-unrolled'];

function showRecognised(): void {
  const panel = document.getElementById(RECOGNISED_ID);
  panel?.scrollIntoView({ block: 'nearest' });
  panel?.focus();
}

function FindingRow({ finding, overview }: { readonly finding: Finding; readonly overview: ModelOverview }) {
  const inspector = useInspector();
  const { op, subgraph, input } = finding;
  const place = op === null ? (input === undefined ? null : 'input') : `op ${op}`;
  const show = () => {
    if (op === null) {
      if (input !== undefined) inspector.openLayer(inputKey(subgraph, input));
      return;
    }
    const key = { subgraph, index: op };
    if (overview.lstms.some((lstm) => sameOp(keyOfLstm(lstm), key))) inspector.openLstm(key, SIGNALS[finding.rule] ?? null);
    else inspector.openLayer(key);
  };
  const isOfCells = CELL_RULES.includes(finding.rule) && overview.recognised !== undefined;
  return (
    <li class={`row finding ${finding.severity}`} tabIndex={-1}>
      <Icon name={finding.severity} />
      <div>
        <span class="visually-hidden">{NAMES[finding.severity]}: </span>
        {finding.title}
      </div>
      {place === null ? null : (
        <span class="goto">
          <Badge>{place}</Badge>
          <Link label={`Show ${place}: ${finding.title}`} onClick={show}>
            Show
          </Link>
        </span>
      )}
      <div class="dim detail" data-tip={`${finding.explanation} ${finding.reference}`}>
        {finding.message}
        {finding.fix === null ? '' : ` ${finding.fix}`}
        {isOfCells ? (
          <>
            {' '}
            <Link testId="to-recognised" label={`Show the cells found: ${finding.title}`} onClick={showRecognised}>
              Show the cells found
            </Link>
          </>
        ) : null}
      </div>
    </li>
  );
}
