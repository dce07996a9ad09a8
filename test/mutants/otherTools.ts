import type { Mutant } from './mutant';

const adopt = 'unit/core/tools/others/adopt';
const offered = 'unit/core/tools/others/offered';
const chats = 'unit/host/session/toolChoice';

/** Tools of others: what they say of themselves, what is sent of it, and what a call of them is bound to. */
export const otherToolsMutants: readonly Mutant[] = [
  {
    name: 'two names that are made fit for the API are the same one',
    file: 'src/core/tools/others/names.ts',
    find: 'digestOf(id).slice(0, digits)',
    replace: "digestOf('').slice(0, digits)",
    test: adopt,
    grep: 'another for each',
  },
  {
    name: 'a schema is sent with keywords that the API refuses every request for',
    file: 'src/core/tools/others/schemas.ts',
    find: 'return kept === undefined ? [] : [[keyword, kept]];',
    replace: 'return [[keyword, kept ?? value]];',
    test: adopt,
    grep: 'would refuse the request for',
  },
  {
    name: 'a schema is sent however long it is',
    file: 'src/core/tools/others/schemas.ts',
    find: "if (byteLength(JSON.stringify(mapped)) > maxBytes) return { problem: 'tooLong' };",
    replace: '',
    test: adopt,
    grep: 'why it cannot be used',
  },
  {
    name: 'L37: the description of another’s tool hides characters',
    file: 'src/core/tools/others/adopt.ts',
    find: 'const text = visible(description);',
    replace: 'const text = description;',
    test: adopt,
    grep: 'hides nothing in its description',
  },
  {
    name: 'L36: another’s tool gives back as much as it likes',
    file: 'src/core/tools/others/results.ts',
    find: 'if (byteLength(text) <= maxBytes) return text;',
    replace: 'if (byteLength(text) >= 0) return text;',
    test: 'unit/core/tools/others/results',
    grep: 'is bounded in bytes',
  },
  {
    name: 'L49: a chosen tool has the name of one of Prelude’s own since an update',
    file: 'src/core/tools/others/offered.ts',
    find: 'serverToolOf(tool) !== undefined : !isOwnName(own, name);',
    replace: 'serverToolOf(tool) !== undefined : true;',
    test: offered,
    grep: 'have each name once',
  },
  {
    name: 'a tool that says something else than when it was asked about runs all the same',
    file: 'src/core/tools/others/offered.ts',
    find: 'if ((await liveDigest(live)) !== digest) {',
    replace: 'if ((await liveDigest(live)) === null) {',
    test: offered,
    grep: 'is bound to what the tool says now',
  },
  {
    name: 'a tool of the same name of another server is called',
    file: 'src/core/tools/others/offered.ts',
    find: 'one.source.kind === source.kind && one.source.id === source.id',
    replace: 'one.source.kind === source.kind',
    test: offered,
    grep: 'when its server is not there',
  },
  {
    name: 'an extension’s tool passes for one of an MCP server',
    file: 'src/host/workspace/otherTools.ts',
    find: 'if (contributor !== undefined) return',
    replace: "if (contributor !== undefined && !tags.includes('mcp')) return",
    test: 'unit/host/workspace/otherTools',
    grep: 'that other extensions contribute',
  },
  {
    name: 'the definitions of a conversation are lost with a reload',
    file: 'src/host/session/toolChoice.ts',
    find: 'this.#chosen = tools;',
    replace: 'this.#chosen = tools.slice(tools.length);',
    test: chats,
    grep: 'stay the same bytes',
  },
  {
    name: 'a choice goes to conversations that were there before',
    file: 'src/host/session/toolChoice.ts',
    find: 'this.#chosen ?? this.parts.deps.choices.tools',
    replace: 'this.parts.deps.choices.tools',
    test: chats,
    grep: 'go with new conversations',
  },
  {
    name: 'the user is asked about a tool that is not there',
    file: 'src/core/turn/toolCall.ts',
    find: 'const absence = tool.absent?.(input.ports) ?? null;',
    replace: 'const absence = null as ReturnType<NonNullable<Tool["absent"]>>;',
    test: chats,
    grep: 'that are not there fail',
  },
  {
    name: 'other tools that the user has chosen are told as an update of Prelude',
    file: 'src/core/cost/cacheMiss.ts',
    find: 'return toolsChosen || held.tools === none',
    replace: 'return held.tools === none',
    test: chats,
    grep: 'are priced before they are switched',
  },
  {
    name: 'clearing one tool of a server clears the others',
    file: 'src/host/commands/toolRows.ts',
    find: 'if (rows.has(group) === wasWhole) return ticked.map(({ key }) => key);',
    replace:
      'if (rows.has(group) === wasWhole && !wasWhole) return ticked.map(({ key }) => key);\n    if (wasWhole && rows.has(group)) return [];',
    test: 'unit/host/commands/toolRows',
    grep: 'checks and clears',
  },
];
