import { useEffect, useRef, useState } from 'preact/hooks';
import type { Report, SampleReport } from '../../../worker/core/report/report';
import { Button } from '../../ui/Button';

const FIRST = 5;

/** Samples whose answer is wrong on one of the paths: what was expected, and what each path said. */
export function Answers({ report }: { readonly report: Report }) {
  const [all, setAll] = useState(false);
  const body = useRef<HTMLTableSectionElement>(null);
  // The button is gone then: reading goes on where it was.
  useEffect(() => {
    if (all) (body.current?.children[FIRST] as HTMLElement | undefined)?.focus();
  }, [all]);
  const wrong = report.perSample.filter(isWrong);
  if (wrong.length === 0) return null;
  const shown = all ? wrong : wrong.slice(0, FIRST);
  const path = report.quantizedPath;
  return (
    <>
      <table class="answers" aria-label="Wrong answers" data-testid="answers">
        <thead>
          <tr>
            <th scope="col">wrong sample</th>
            <th scope="col">expected</th>
            <th scope="col">float</th>
            {path ? <th scope="col">{path}</th> : null}
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map((sample) => (
            <tr key={sample.name} tabIndex={-1}>
              <th scope="row">{sample.name}</th>
              <td class="figure">{sample.expected}</td>
              <Answer answer={sample.float} expected={sample.expected} />
              {path ? <Answer answer={sample.quantized} expected={sample.expected} /> : null}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < wrong.length ? (
        <Button
          onClick={() => {
            setAll(true);
          }}
        >
          {`Show ${wrong.length - shown.length} more`}
        </Button>
      ) : null}
    </>
  );
}

function isWrong({ expected, float, quantized }: SampleReport): boolean {
  return expected !== null && ((float !== null && float !== expected) || (quantized !== null && quantized !== expected));
}

function Answer({ answer, expected }: { readonly answer: string | null; readonly expected: string | null }) {
  const right = answer === expected;
  return (
    <td class={`figure ${right ? 'dim' : 'wrong'}`}>
      {answer === '' ? 'nothing' : answer}
      {right ? null : <span class="visually-hidden"> (wrong)</span>}
    </td>
  );
}
