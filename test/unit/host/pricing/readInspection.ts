/** Reads the inspector's document back into the request that it shows. */

interface Fence {
  readonly language: string;
  readonly text: string;
  /** The line before it: a heading, or the name of a text. */
  readonly before: string;
  readonly line: number;
}

/** Throws when the document is not built as the inspector builds it. */
export function readInspection(document: string): unknown {
  const lines = document.split('\n');
  const fences = fencesOf(lines);
  const sections = lines.flatMap((text, line) => {
    const inside = fences.some((fence) => line >= fence.line && line <= fence.line + fence.text.split('\n').length + 1);
    const match = inside ? null : /^(#{2,4}) (.*)$/.exec(text);
    return match === null ? [] : [{ level: match[1]?.length ?? 0, title: match[2] ?? '', line }];
  });
  const request: Record<string, unknown> = {};
  const tools: unknown[] = [];
  const system: unknown[] = [];
  const messages: { role: string; content: unknown[] }[] = [];
  let part = '';
  for (const [index, { level, title, line }] of sections.entries()) {
    const end = sections[index + 1]?.line ?? lines.length;
    const own = fences.filter((fence) => fence.line > line && fence.line < end);
    if (level === 2) part = title.replace(/ \(\d+\)$/, '');
    if (level === 2 && part === 'Parameters') Object.assign(request, JSON.parse(own[0]?.text ?? ''));
    else if (level === 3 && part === 'Tools') tools.push(JSON.parse(own[0]?.text ?? ''));
    else if (level === 3 && part === 'System') system.push(blockOf(own));
    else if (level === 3 && part === 'Messages') messages.push({ role: title.replace(/^\d+\. /, ''), content: [] });
    else if (level === 4) messages.at(-1)?.content.push(blockOf(own));
  }
  return { ...request, tools, system, messages };
}

function fencesOf(lines: readonly string[]): readonly Fence[] {
  const fences: Fence[] = [];
  for (let line = 0; line < lines.length; line += 1) {
    const open = /^(`{3,})(json|text)$/.exec(lines[line] ?? '');
    if (open === null) continue;
    const end = lines.indexOf(open[1] ?? '', line + 1);
    if (end === -1) throw new Error(`the fence of line ${line} has no end`);
    const before = lines[line - 1] ?? '';
    fences.push({ language: open[2] ?? '', text: lines.slice(line + 1, end).join('\n'), before, line });
    line = end;
  }
  return fences;
}

function blockOf([fields, ...texts]: readonly Fence[]): unknown {
  const block = JSON.parse(fields?.text ?? '') as Record<string, unknown>;
  for (const { before, text } of texts) {
    const name = before.slice(0, -1);
    if (name === 'content') block['content'] = [...((block['content'] as unknown[]) ?? []), { type: 'text', text }];
    else block[name] = text;
  }
  return block;
}
