// Processor time of a process and all below it, which other programs of a busy machine do not add to.
import { readFileSync, readdirSync } from 'node:fs';

/** Milliseconds that process `root` and its descendants have used; NaN where the system does not tell. */
export function processorTime(root) {
  const parents = new Map();
  const used = new Map();
  let names = [];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return NaN;
  }
  for (const name of names) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in brackets may hold anything; what follows it does not.
      const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(name), Number(words[1]));
      // Hundredths of a second, in user and in system mode.
      used.set(Number(name), 10 * (Number(words[11]) + Number(words[12])));
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (id) => {
    for (let at = id; at; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  return [...used].filter(([id]) => below(id)).reduce((sum, [, time]) => sum + time, 0);
}
