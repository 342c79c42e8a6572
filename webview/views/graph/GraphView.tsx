import { useEffect, useMemo, useState } from 'preact/hooks';
import { LAYOUT_LIMITS } from '../../../worker/core/graph/graphLayout';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { count } from '../../charts/format';
import { sameOp } from '../../derived';
import { GRAPH_COLOURS, type GraphColour, type LayersState } from '../../layersState';
import { Button } from '../../ui/Button';
import { Dropdown } from '../../ui/Dropdown';
import { ProgressRing } from '../../ui/ProgressRing';
import { Sized, type Size } from '../../ui/Sized';
import { useInspector } from '../InspectorContext';
import type { LayerRow } from '../layers/layerRows';
import { plural } from '../text';
import { boxText, COLOUR_LABELS, figuresOf, handOvers, pictureBox, sizeOf, type BoxContext } from './boxFigures';
import { GraphLegend } from './GraphLegend';
import { GraphStage } from './GraphStage';
import { LineTip } from './LineTip';
import { groupNodes, type Grouping } from './groups';
import { opGraph, type OpGraph } from './opGraph';
import { useLayout, type Laid } from './useLayout';
import { groupsAround, layoutRequest, visibleGraph, type VisibleGraph } from './visibleGraph';

interface Props {
  readonly overview: ModelOverview;
  readonly rows: readonly LayerRow[];
  /** Ids of the rows that filters leave; null where none is set. */
  readonly kept: ReadonlySet<string> | null;
  readonly layers: LayersState;
  readonly targetLabel: string;
  readonly selected: LayerRow | null;
  /** Id of the row that is pointed at, here or in the profile. */
  readonly hover: string | null;
  readonly onHover: (id: string | null) => void;
}

/** The operators as a graph from left to right; groups are closed until they are opened. */
export function GraphView(props: Props) {
  const { overview, layers, selected } = props;
  const [chosen, setChosen] = useState<number | null>(null);
  const subgraphs = useMemo(() => [...new Set(overview.ops.map(({ subgraph }) => subgraph))], [overview]);
  const subgraph = chosen ?? selected?.subgraph ?? subgraphs[0] ?? 0;
  const graph = useMemo(() => opGraph(overview, subgraph), [overview, subgraph]);
  const grouping = useMemo(() => groupNodes(graph.nodes), [graph]);
  const around = useAround(graph, grouping, selected);
  const opened = useMemo(() => new Set([...layers.opened, ...around.ids]), [layers.opened, around.ids]);
  const visible = useMemo(() => visibleGraph(graph, grouping, opened), [graph, grouping, opened]);
  const key = `${overview.fileName} ${subgraph} ${visible.boxes.flatMap(({ id, isOpen }) => (isOpen ? [id] : [])).join('|')}`;
  const request = useMemo(() => layoutRequest(visible, (box) => sizeOf(box, graph, grouping)), [visible, graph, grouping]);
  const laid = useLayout(visible, key, request);
  return (
    <section class="graph-view" aria-label="Graph of the operators">
      <GraphTools {...props} grouping={grouping} subgraphs={subgraphs} subgraph={subgraph} onSubgraph={setChosen} />
      <Sized class={`graph-place ${laid.isWaiting && laid.shown ? 'stale' : ''}`}>
        {(size) =>
          laid.shown ? (
            <Picture
              {...props}
              graph={graph}
              grouping={grouping}
              shown={laid.shown}
              size={size}
              opened={opened}
              onClose={around.close}
            />
          ) : null
        }
      </Sized>
      <LayoutState laid={laid} boxes={visible.boxes.length} />
    </section>
  );
}

/** The groups around what was selected elsewhere are open as long as it is selected, unless they are closed. */
function useAround(graph: OpGraph, grouping: Grouping, selected: LayerRow | null) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const id = selected?.id ?? null;
  useEffect(() => {
    setClosed(new Set());
  }, [id]);
  const all = useMemo(() => {
    const node = graph.nodes.findIndex((one) => one.id === id);
    return node < 0 ? [] : groupsAround(grouping, node);
  }, [graph, grouping, id]);
  const ids = useMemo(() => all.filter((one) => !closed.has(one)), [all, closed]);
  return {
    ids,
    close: (group: string) => {
      setClosed(new Set([...closed, group]));
    },
  };
}

interface ToolsProps extends Props {
  readonly grouping: Grouping;
  readonly subgraphs: readonly number[];
  readonly subgraph: number;
  readonly onSubgraph: (subgraph: number) => void;
}

function GraphTools({ layers, grouping, subgraphs, subgraph, onSubgraph, targetLabel }: ToolsProps) {
  const inspector = useInspector();
  const most = LAYOUT_LIMITS.boxes / 4;
  return (
    <div class="graph-tools">
      <Dropdown
        label="Colour"
        prefix="Colour"
        testId="graph-colour"
        choices={GRAPH_COLOURS.map((value) => ({ value, label: value === 'target' ? targetLabel : COLOUR_LABELS[value] }))}
        value={layers.colour}
        onChange={(colour: GraphColour) => {
          inspector.layers({ colour });
        }}
      />
      <GraphLegend colour={layers.colour} />
      <span class="spread" />
      {subgraphs.length > 1 ? (
        <Dropdown
          label="Graph of the file"
          prefix="Graph"
          choices={subgraphs.map((one) => ({ value: String(one), label: String(one) }))}
          value={String(subgraph)}
          onChange={(value) => {
            onSubgraph(Number(value));
          }}
        />
      ) : null}
      {grouping.groups.length > 0 ? (
        <>
          <span class="caption roomy-only">{plural(grouping.groups.length, 'group')}</span>
          {grouping.groupOf.length + grouping.groups.length <= most ? (
            <Button
              quiet
              icon="expand-all"
              label="Open all groups"
              tip="Open all groups"
              testId="graph-open-all"
              onClick={() => {
                inspector.layers({ opened: grouping.groups.map(({ id }) => id) });
              }}
            />
          ) : null}
          <Button
            quiet
            icon="collapse-all"
            label="Close all groups"
            tip="Close all groups"
            onClick={() => {
              inspector.layers({ opened: [] });
            }}
          />
        </>
      ) : null}
    </div>
  );
}

interface PictureProps extends Props {
  readonly graph: OpGraph;
  readonly grouping: Grouping;
  readonly shown: NonNullable<Laid<VisibleGraph>['shown']>;
  readonly size: Size;
  readonly opened: ReadonlySet<string>;
  /** Closes a group that is open only because of the selection. */
  readonly onClose: (group: string) => void;
}

function Picture(props: PictureProps) {
  const { rows, kept, layers, selected, graph, grouping, shown, size, opened, hover, onHover } = props;
  const inspector = useInspector();
  const visible = shown.of;
  /** Box that was chosen and has no row: an operator that is chosen is the selection. */
  const [focus, setFocus] = useState<string | null>(null);
  useEffect(() => {
    setFocus(null);
  }, [selected?.id]);
  const context: BoxContext = useMemo(
    () => ({ graph, grouping, rowOf: new Map(rows.map((row) => [row.id, row])), figure: figuresOf(rows, layers.colour), kept }),
    [graph, grouping, rows, layers.colour, kept],
  );
  const boxes = useMemo(() => visible.boxes.map((box) => pictureBox(box, context)), [visible, context]);
  const boundaryLines = useMemo(
    () => (layers.colour === 'target' ? handOvers(visible, context) : []),
    [visible, context, layers.colour],
  );
  const boxOfId = useMemo(() => new Map(graph.nodes.map(({ id }, node) => [id, visible.boxOf[node] ?? -1])), [graph, visible]);
  const focused = focus === null ? -1 : visible.boxes.findIndex(({ id }) => id === focus);
  const current = focused >= 0 ? focused : selected ? (boxOfId.get(selected.id) ?? null) : null;
  const also = useMemo(() => [...new Set(layers.also.flatMap((id) => boxOfId.get(id) ?? []))], [layers.also, boxOfId]);
  const found = useMemo(() => {
    if (kept === null) return [];
    return visible.boxes.flatMap(({ nodes, isOpen }, at) =>
      !isOpen && nodes.some((node) => kept.has(graph.nodes[node]?.id ?? '')) ? [at] : [],
    );
  }, [visible, kept, graph]);
  const summary = `${plural(graph.nodes.filter(({ kind }) => kind === 'op').length, 'operator')} in ${plural(visible.boxes.filter(({ isOpen }) => !isOpen).length, 'box', 'boxes')}`;
  const at = current === null ? null : visible.boxes[current];
  return (
    <>
      <GraphStage
        visible={visible}
        layout={shown.layout}
        boxes={boxes}
        title="Graph"
        summary={summary}
        size={{ width: size.width, height: Math.max(40, size.height - 20) }}
        firstCamera={layers.camera}
        onCamera={(camera) => {
          inspector.layers({ camera });
        }}
        current={current !== null && current >= 0 ? current : null}
        also={also}
        boundaryLines={boundaryLines}
        found={found}
        hover={hover === null ? null : (boxOfId.get(hover) ?? null)}
        onHover={(box) => {
          const node = box === null ? undefined : visible.boxes[box]?.node;
          onHover(node === undefined || node === null ? null : (graph.nodes[node]?.id ?? null));
        }}
        lineTip={(line) => <LineTip subgraph={graph.subgraph} tensors={visible.lines[line]?.tensors ?? []} />}
        onSelect={(box, event) => {
          const chosen = visible.boxes[box];
          const node = graph.nodes[chosen?.node ?? -1];
          if (!chosen) return;
          // Groups, outputs and, before a run, inputs have no row that could be selected.
          if (!node || !context.rowOf.has(node.id)) return setFocus(chosen.id);
          setFocus(null);
          const key = { subgraph: node.subgraph, index: node.index };
          if ((event.ctrlKey || event.metaKey) && selected && !sameOp(selected, key)) {
            const others = layers.also.includes(node.id) ? layers.also.filter((id) => id !== node.id) : [...layers.also, node.id];
            inspector.layers({ also: others });
            // What is open stays so, whatever is selected next.
          } else inspector.view({ layer: key, layers: { ...layers, also: [], opened: [...opened] } });
        }}
        onOpen={(box) => {
          const chosen = visible.boxes[box];
          const row = rows.find(({ id }) => id === chosen?.id);
          if (row?.isLstm) inspector.openLstm(row);
          if (!chosen || chosen.group === null) return;
          setFocus(chosen.id);
          if (!chosen.isOpen) return void inspector.layers({ opened: [...layers.opened, chosen.id] });
          props.onClose(chosen.id);
          inspector.layers({ opened: layers.opened.filter((id) => id !== chosen.id) });
        }}
      />
      <p class="caption graph-said" id="graph-said" aria-live="polite" data-testid="graph-said">
        {at ? boxText(at, context) : `${summary}. Drag moves, the wheel zooms, a double click opens a group.`}
        {kept === null ? '' : ` ${count(kept.size)} found.`}
      </p>
    </>
  );
}

function LayoutState({ laid, boxes }: { readonly laid: Laid<VisibleGraph>; readonly boxes: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds(0);
    if (!laid.isWaiting) return undefined;
    const timer = setInterval(() => {
      setSeconds((before) => before + 1);
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [laid.isWaiting]);
  if (laid.isWaiting)
    return (
      <div class="graph-state" role="status" data-testid="graph-waiting">
        <ProgressRing label="Laying out the graph" />
        <span>
          Laying out {count(boxes)} boxes{seconds > 0 ? `, ${seconds} s` : ''}
        </span>
        <Button onClick={laid.cancel}>Cancel</Button>
      </div>
    );
  if (laid.problem === null) return null;
  return (
    <div class="graph-state" role="status" data-testid="graph-problem">
      <span>{laid.problem}</span>
      <Button onClick={laid.again}>Try again</Button>
    </div>
  );
}
