import { basename } from 'node:path';
import type { MappedTargets, TargetFileProblems } from './api';
import type { NamedBytes } from './core/formats/namedBytes';
import type { Model } from './core/model/model';
import { overlayLog, type OverlaidLog } from './core/targetLogs/overlayLog';
import { readTargetLog } from './core/targetLogs/readTargetLog';
import { allTargets } from './core/targets/mapTargets';
import { packTargets } from './core/targets/packedTargets';
import { placeModel } from './core/targets/placeModel';
import type { Target } from './core/targets/target';
import { TargetFileError } from './core/targets/user/checker';
import { readUserTarget } from './core/targets/user/readUserTarget';
import type { TargetMap, TargetPlacement } from './core/targets/verdict';

/** Where one model's operators end up, worked out when it is first asked for: a large model takes longer to map than to read. */
export class TargetsSession {
  private own: readonly Target[] = [];
  private mapped: Promise<TargetMap> | null = null;
  private readonly builtIn = new Map<Target, TargetPlacement>();

  constructor(private readonly model: Model) {}

  /** The built-in targets and those of a user's own. Others have their turn between one target and the next. */
  map(): Promise<TargetMap> {
    return (this.mapped ??= this.place(this.own));
  }

  /** Maps with a user's targets, from now on; a file that cannot be used is left out, and told of. */
  async mapWith(files: readonly NamedBytes[]): Promise<MappedTargets> {
    const { targets, problems } = readOwn(files);
    this.own = targets;
    this.mapped = this.place(targets);
    return { targets: packTargets(await this.mapped), problems };
  }

  /** @throws TargetLogError */
  async overlay(file: NamedBytes): Promise<OverlaidLog> {
    const log = readTargetLog(new TextDecoder().decode(file.bytes), basename(file.name));
    const map = await this.map();
    const { fileName, kind, tool, facts, taken } = log;
    const overlays = log.targets.flatMap((target) => {
      const placement = map[target];
      return placement === undefined ? [] : [overlayLog(this.model, target, placement, log)];
    });
    return { fileName, kind, tool, facts, taken, overlays };
  }

  private async place(own: readonly Target[]): Promise<TargetMap> {
    const placements: [string, TargetPlacement][] = [];
    for (const target of allTargets(own)) {
      const placement = this.builtIn.get(target) ?? placeModel(this.model, target);
      if (!own.includes(target)) this.builtIn.set(target, placement);
      placements.push([target.name, placement]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return Object.fromEntries(placements);
  }
}

function readOwn(files: readonly NamedBytes[]): { targets: readonly Target[]; problems: readonly TargetFileProblems[] } {
  const targets: Target[] = [];
  const problems: TargetFileProblems[] = [];
  for (const [place, { name, bytes }] of files.entries()) {
    try {
      const target = readUserTarget(new TextDecoder().decode(bytes), basename(name));
      const twice = targets.some((other) => other.name === target.name);
      if (twice)
        problems.push({ place, problems: [{ path: '$.name', what: `is ${target.name}, as in another file`, allowed: 'another name' }] }); // prettier-ignore
      else targets.push(target);
    } catch (error) {
      if (!(error instanceof TargetFileError)) throw error;
      problems.push({ place, problems: error.problems });
    }
  }
  return { targets, problems };
}
