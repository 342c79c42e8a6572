import { useState } from 'preact/hooks';
import type { Comparison } from '../../../worker/core/compare/comparison';
import { comparisonTables } from '../../figures/comparisonTables';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { staticText } from './comparisonRows';

const FIRST = 12;

/** What differs in the files themselves: tensors, options, operators that only one has. Nothing where it is one file. */
export function FilesPanel({ comparison }: { readonly comparison: Comparison }) {
  const { sameFile, statics } = comparison;
  if (sameFile) return null;
  const tables = comparisonTables({ ...comparison, run: null });
  return (
    <Panel title="In the files" detail={staticText(comparison)} flush testId="panel-files-differ" copies={() => tables}>
      {tables.length === 0 && statics.onlyA.length + statics.onlyB.length === 0 ? (
        <p class="nothing">Tensors, scales, operators and weights are equal.</p>
      ) : null}
      {tables.map(({ title, rows }) => (
        <LongTable key={title} title={title} rows={rows} />
      ))}
      {(['onlyA', 'onlyB'] as const).map((which) =>
        statics[which].length === 0 ? null : (
          <p class="only caption" key={which}>
            {`Only in ${which === 'onlyA' ? 'A' : 'B'}: ${statics[which]
              .slice(0, FIRST)
              .map(({ index, op, name }) => `${index} ${op} ${name}`)
              .join('; ')}${statics[which].length > FIRST ? '; and more' : ''}.`}
          </p>
        ),
      )}
    </Panel>
  );
}

function LongTable({
  title,
  rows: [heading = [], ...rows],
}: {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, FIRST);
  return (
    <div class="files-table">
      <table class="rows-table" aria-label={title}>
        <thead>
          <tr>
            {heading.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(([name = '', ...cells], at) => (
            <tr key={at}>
              <th scope="row" class="name">
                {name}
              </th>
              {cells.map((text, k) => (
                <td key={k} class={k > 0 ? 'figure small' : ''}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length ? (
        <div class="more">
          <Button
            onClick={() => {
              setAll(true);
            }}
          >
            {`Show ${rows.length - shown.length} more`}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
