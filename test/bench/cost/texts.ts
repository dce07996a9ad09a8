/** Texts out of a kind, a size and a seed: always the same for the same. */
import type { TextSpec } from './trace';

const words =
  'the a of to in is it that for with on as this by are be at from or an was not have which one can will if when all more so no may do time there their what about up other new some could these two then first any like only now over such our most even way after also many must before through back much where your well down because between each just those people how too little state good very make world still own see men work long get here both life being under never day same another know while last might us great old year off come since against go came right used take three'.split(
    ' ',
  );
const names =
  'value input index total entry record cursor limit offset result items store buffer token range window scope filter state parent child width height route query field header status error source target option signal stream chunk node edge label price order count start length'.split(
    ' ',
  );
const shapes: readonly ((name: () => string, number: () => number) => string)[] = [
  (name, number) => `  const ${name()} = ${name()}(${name()}, ${number()});`,
  (name) => `  if (${name()} === undefined) return ${name()};`,
  (name) => `  for (const ${name()} of ${name()}.${name()}) {`,
  (name, number) => `    ${name()}.push({ ${name()}: ${number()}, ${name()} });`,
  () => '  }',
  (name) => `  // The ${name()} of a ${name()} is known here.`,
  (name) => `export function ${name()}Of(${name()}: string): ${name().replace(/^./, (c) => c.toUpperCase())} {`,
  () => '}',
  () => '',
  (name) => `  return ${name()}.map((${name()}) => ${name()}.${name()} ?? null);`,
];

/** Small numbers in a fixed order (a linear congruential generator). */
export function numbers(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 12_345) % 4_294_967_296;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** The text that a spec describes. `place` tells apart those without a seed of their own. */
export function textOf(spec: TextSpec, place: number): string {
  if (typeof spec === 'string') return spec;
  const next = numbers((spec.seed ?? place) + 1);
  const pick = <T>(from: readonly T[]): T => from[next(from.length)] as T;
  if ('code' in spec) {
    const lines: string[] = [];
    let length = 0;
    while (length < spec.code) {
      const line = pick(shapes)(
        () => `${pick(names)}${next(3) === 0 ? next(90) : ''}`,
        () => next(1000),
      );
      lines.push(line);
      length += line.length + 1;
    }
    return lines.join('\n');
  }
  if ('cjk' in spec) {
    return Array.from({ length: spec.cjk }, (_, at) =>
      at % 20 === 19 ? '。' : String.fromCharCode(0x4e00 + next(3000)),
    ).join('');
  }
  const said: string[] = [];
  let length = 0;
  while (length < spec.prose) {
    const word = next(40) === 0 ? `\`${pick(names)}\`` : pick(words);
    const stop = next(12) === 0 ? '.' : '';
    said.push(`${word}${stop}`);
    length += word.length + stop.length + 1;
  }
  return `${said.join(' ')}.`;
}
