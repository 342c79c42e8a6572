const ALL = ['ethos-u55', 'ethos-u65', 'ethos-u85'] as const;

/** Targets that a log of Vela can be of: one where it names the accelerator (`Ethos_U55_128`, `ethos-u85-256`), else all. */
export function velaTargets(accelerator: string | null): readonly string[] {
  const model = /ethos[-_]u(55|65|85)/i.exec(accelerator ?? '')?.[1];
  return model === undefined ? ALL : [`ethos-u${model}`];
}
