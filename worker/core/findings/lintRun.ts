import type { Finding } from './finding';
import { sortFindings } from './lintModel';
import type { RunLstm, RunOccurrence, RunParts, RunRule } from './runRule';
import { activationBitsUnused } from './runRules/activationBitsUnused';
import { cellBitsUnused } from './runRules/cellBitsUnused';
import { cellRangeTooSmall } from './runRules/cellRangeTooSmall';
import { constantOutput } from './runRules/constantOutput';
import { gateSaturates } from './runRules/gateSaturates';
import { gateSaturatesWithoutCost } from './runRules/gateSaturatesWithoutCost';
import { hiddenAtRails } from './runRules/hiddenAtRails';
import { inputAtRails } from './runRules/inputAtRails';
import { layerNormOverflow } from './runRules/layerNormOverflow';
import { notFinite } from './runRules/notFinite';
import { outputAtRails } from './runRules/outputAtRails';

/** Every rule that needs a run, the gravest first. */
export const RUN_RULES: readonly RunRule[] = [
  notFinite,
  constantOutput,
  inputAtRails,
  outputAtRails,
  cellRangeTooSmall,
  hiddenAtRails,
  layerNormOverflow,
  gateSaturates,
  gateSaturatesWithoutCost,
  cellBitsUnused,
  activationBitsUnused,
];

/**
 * What a run shows of a model's quantization, together with what was known of the file. Sorted like `lintModel`.
 * @param known findings of the file; one whose effect the run shows takes that in
 */
export function lintRun(parts: RunParts, known: readonly Finding[] = []): Finding[] {
  const lstms = parts.lstms.flatMap((info): RunLstm[] => {
    const layer = parts.layers.find(({ subgraph, index }) => subgraph === info.subgraph && index === info.op);
    if (layer === undefined || layer.lstm === null) return [];
    const costs = layer.lstm.costs;
    return [
      {
        info,
        layer,
        signal: (name) => layer.signals.find(({ signal }) => signal === name) ?? null,
        gainDb: (part) => costs?.find((cost) => cost.part === part)?.gainDb ?? null,
      },
    ];
  });
  let findings = [...known];
  const isRandom = parts.data?.synthetic === true;
  for (const rule of RUN_RULES) {
    if (isRandom && rule.onRandomData === 'silent') continue;
    for (const occurrence of rule.check(parts, lstms)) {
      const found = findingOf(rule, isRandom && rule.onRandomData === 'note' ? asNote(occurrence) : occurrence);
      const { confirmation = '' } = occurrence;
      const confirmed = findings.find((other) => other.rule === rule.confirms && isSamePlace(other, found));
      if (confirmed === undefined) findings.push(found);
      else findings = findings.map((other) => (other === confirmed ? confirm(other, found, confirmation) : other));
    }
  }
  return sortFindings(findings);
}

function findingOf(rule: RunRule, occurrence: RunOccurrence): Finding {
  const recipe = occurrence.recipe ?? rule.recipe;
  return {
    rule: rule.rule,
    severity: occurrence.severity ?? rule.severity,
    title: rule.title,
    message: occurrence.message,
    fix: occurrence.fix === undefined ? rule.fix : occurrence.fix,
    explanation: rule.explanation,
    reference: rule.reference,
    subgraph: occurrence.subgraph,
    op: occurrence.layer?.index ?? null,
    tensor: null,
    ...(occurrence.input === undefined ? {} : { input: occurrence.input }),
    ...(recipe === undefined ? {} : { recipe }),
  };
}

/** Ranges that random data leave say little of what real data do, and are nothing to quantize by. */
function asNote({ recipe: _, ...occurrence }: RunOccurrence): RunOccurrence {
  const message = `${occurrence.message} The data are random: look again with real ones.`;
  const { confirmation } = occurrence;
  return {
    ...occurrence,
    message,
    severity: 'info',
    ...(confirmation === undefined ? {} : { confirmation: `${confirmation} The data are random.` }),
  };
}

function isSamePlace(a: Finding, b: Finding): boolean {
  return a.subgraph === b.subgraph && a.op !== null && a.op === b.op;
}

/** The cause as the file shows it, with its effect in this run; as grave as the graver. */
function confirm(cause: Finding, effect: Finding, confirmation: string): Finding {
  const [worst = cause] = sortFindings([cause, effect]);
  return { ...cause, severity: worst.severity, message: `${cause.message} ${confirmation}` };
}
