import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { LayerDifference, RunDifferences } from '../../../worker/core/compare/comparison';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { decibel } from '../../charts/format';
import { Panel } from '../../ui/Panel';
import { rowForKey } from '../../ui/rowKeys';
import { useVirtualRows } from '../../ui/useVirtualRows';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { amountOf, layerName, outputOf, placeOf, shareOf } from './comparisonRows';

interface Props {
  readonly run: RunDifferences;
  readonly overview: ModelOverview;
}

const ROW = 22;
const HEAD = 25;
const MOST_ROWS = 14;
const COLUMNS = ['layer', 'differ', 'by up to', 'A, dB', 'B, dB', 'first at'] as const;

/** Each layer's output on both sides; rows exist while they are in sight. */
export function LayersPanel({ run, overview }: Props) {
  const { layers } = run;
  const differing = layers.filter((layer) => (outputOf(layer)?.differing ?? 0) > 0).length;
  return (
    <Panel
      title="Layers"
      detail={`${differing === 0 ? 'none differs' : `the output of ${plural(differing, 'layer')} differs`}; SQNR against float`}
      flush
      testId="panel-layers-differ"
      copies={() => [{ title: 'Layers', rows: [COLUMNS, ...layers.map(cellsOf)] }]}
    >
      <Rows run={run} overview={overview} />
    </Panel>
  );
}

function cellsOf(layer: LayerDifference): readonly string[] {
  const output = outputOf(layer);
  if (output === null) return [layerName(layer)];
  const { differing, first, sqnrDbA, sqnrDbB, maxErrorA, maxErrorB } = output;
  return [
    layerName(layer),
    shareOf(output),
    differing === 0 ? '' : amountOf(output),
    decibel(sqnrDbA, maxErrorA === 0),
    decibel(sqnrDbB, maxErrorB === 0),
    first === null ? '' : `${first.sampleName}${first.step === null ? '' : `, step ${first.step}`}`,
  ];
}

function Rows({ run: { layers }, overview }: Props) {
  const inspector = useInspector();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const virtual = useVirtualRows(layers.length, ROW, scroller, HEAD);
  const open = (index: number) => {
    const layer = layers[index];
    const place = layer && placeOf(overview, layer.a);
    if (!place) return;
    if (layer.lstm) inspector.view({ comparedOp: layer.a.index });
    else inspector.openLayer(place);
  };
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
    const next = rowForKey(event.key, { at, rows: layers.length });
    if (next !== null) {
      setAt(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter') open(at);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="grid compare-grid"
      role="grid"
      aria-label="Layers that differ"
      aria-rowcount={layers.length + 1}
      aria-colcount={COLUMNS.length}
      data-testid="compare-grid"
      ref={scroller}
      tabIndex={0}
      aria-activedescendant={`compared-${at}`}
      style={{ height: `${HEAD + Math.min(MOST_ROWS, Math.max(1, layers.length)) * ROW + 2}px` }}
      onKeyDown={onKeyDown}
    >
      <div class="grid-rows" role="presentation" style={{ height: `${virtual.totalSize}px` }}>
        <div class="grid-head" role="row" aria-rowindex={1}>
          {COLUMNS.map((column, k) => (
            <div key={column} role="columnheader" class={k > 0 && k < 5 ? 'numeric' : ''}>
              {column}
            </div>
          ))}
        </div>
        {virtual.items.map(({ index, start }) => {
          const layer = layers[index];
          if (!layer) return null;
          return (
            <div
              key={index}
              id={`compared-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === at}
              class={`grid-row opens ${index === at ? 'current' : ''}`}
              data-testid={`compared-${layer.a.index}`}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => {
                setAt(index);
                open(index);
              }}
            >
              {cellsOf(layer).map((text, k) => (
                <div
                  key={k}
                  role="gridcell"
                  class={`cell ${k > 0 && k < 5 ? 'figure numeric' : ''} ${text === '=' ? 'dim' : ''}`}
                >
                  {text}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
