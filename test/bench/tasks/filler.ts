/** Code that stands around what a task looks for, so that its files are as long as those people have. */

type Language = 'ts' | 'py' | 'go';

const nouns = ['order', 'batch', 'window', 'column', 'region', 'label', 'ticket', 'margin', 'ledger', 'parcel'];
const verbs = ['merge', 'split', 'format', 'count', 'check', 'sort', 'group', 'trim', 'scale', 'copy'];

/** So many functions of a language, each of some ten lines; the same for the same seed. */
export function filler(language: Language, seed: number, functions: number): string {
  return Array.from({ length: functions }, (_, n) => one(language, seed * 31 + n)).join('\n');
}

function one(language: Language, n: number): string {
  const noun = nouns[n % nouns.length] ?? '';
  const verb = verbs[Math.floor(n / 3) % verbs.length] ?? '';
  const name = `${verb}${noun[0]?.toUpperCase()}${noun.slice(1)}${n}`;
  if (language === 'ts')
    return `/** ${verb}s each ${noun} by its place. */
export function ${name}(values: readonly number[], limit: number): number[] {
  const result: number[] = [];
  for (const [index, value] of values.entries()) {
    if (index >= limit) break;
    const ${noun} = value * ${(n % 7) + 2};
    result.push(${noun} % ${(n % 11) + 3} === 0 ? ${noun} : -${noun});
  }
  return result;
}
`;
  if (language === 'py')
    return `def ${verb}_${noun}_${n}(values, limit):
    """${verb}s each ${noun} by its place."""
    result = []
    for index, value in enumerate(values):
        if index >= limit:
            break
        ${noun} = value * ${(n % 7) + 2}
        result.append(${noun} if ${noun} % ${(n % 11) + 3} == 0 else -${noun})
    return result

`;
  return `// ${name} ${verb}s each ${noun} by its place.
func ${name}(values []int, limit int) []int {
	result := make([]int, 0, len(values))
	for index, value := range values {
		if index >= limit {
			break
		}
		${noun} := value * ${(n % 7) + 2}
		result = append(result, ${noun}%${(n % 11) + 3})
	}
	return result
}
`;
}
