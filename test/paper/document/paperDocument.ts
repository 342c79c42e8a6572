import type { PaperResults } from '../results';
import { accuracySection } from './accuracy';
import { calibrationSizeSection } from './calibrationSize';
import { costSection } from './cost';
import { lengthSection } from './length';
import { likeTflite } from './likeTflite';
import type { Section } from './section';
import { paperTable } from './table';
import { observerSection, quirkSection } from './variants';

export interface PaperDocument {
  /** Text by file name. */
  readonly files: ReadonlyMap<string, string>;
  /** Where this project departs from TensorFlow Lite and should not, one sentence each. */
  readonly unlike: readonly string[];
}

/** The document and its plots. */
export function paperDocument(results: PaperResults): PaperDocument {
  const sections = [
    accuracySection(results),
    calibrationSizeSection(results),
    lengthSection(results),
    costSection(results),
    observerSection(results),
    quirkSection(results),
  ];
  const { text, unlike } = likeTflite(results);
  const parts = [
    introduction(results),
    '## What reproduces',
    claims(sections),
    '## The table',
    ABOUT_TABLE,
    paperTable(results),
    text,
    ...sections.flatMap(({ heading, chart, text }) => [`## ${heading}`, `![${chart.summary}](${chart.file})`, text]),
  ];
  const charts = sections.map(({ chart }): [string, string] => [chart.file, chart.svg]);
  return { files: new Map([['paper-table.md', `${parts.join('\n\n')}\n`], ...charts]), unlike };
}

const ABOUT_TABLE =
  'Word error rates in percent and file sizes as float / hybrid / integer. One word is 0.16 points on `short` and `telephone`, 0.10 on `long`. ' +
  '`cifg-ln-peep` was badly trained: it gets the first digit of most short utterances wrong, in float too.';

function introduction({ models, date, machine, cpuMinutes }: PaperResults): string {
  return [
    '# Integer LSTMs on connected digits: the paper\u2019s table',
    `The claims of [Li & Alvarez, "On the quantization of recurrent neural networks"](https://arxiv.org/abs/2101.05453) on ${models.length} small speech recognizers ` +
      '(two LSTMs of 96 cells and a dense layer, CTC, 16 topologies, dense and 50 % sparse), through this project\u2019s own calibration (100 utterances, states reset), ' +
      'recipe, writer and engine.',
    `Made by \`npm run paper-table\` on ${date}: ${machine}, ${cpuMinutes.toFixed(0)} minutes of processor time on two threads. It needs the models and recordings of \`../shared/data/speech-digits\`.`,
  ].join('\n\n');
}

function claims(sections: readonly Section[]): string {
  const rows = sections
    .flatMap(({ claims }) => claims)
    .map(({ claim, verdict, figures }) => `| ${claim} | **${verdict}** | ${figures}. |`);
  return ['| claim of the paper | here | figures |', '|---|---|---|', ...rows].join('\n');
}
