import type { Mutant } from './mutant';

const names = 'src/core/tools/secretFiles.ts';
const marks = 'src/core/tools/secretMarks.ts';
const tooltip = 'src/webview/markdown/tooltip.ts';
const consent = 'src/host/environmentConsent.ts';
const test = 'unit/tools/secretFiles';
const scopes = 'src/host/scopedSettings.ts';
const folder = 'unit/host/folderSettings';

export const secretsMutants: readonly Mutant[] = [
  {
    name: 'L59: a backup of a secret file is no secret',
    file: names,
    find: 'for (const end of ends) found.add',
    replace: 'for (const end of ends.slice(0, 0)) found.add',
    test,
  },
  {
    name: 'L59: a word that sounds harmless frees a key',
    file: names,
    find: 'if (names.some((one) => keyNames.some((pattern) => pattern.test(one)))) return',
    replace:
      'if (!exampleName.test(name.slice(0, name.lastIndexOf("."))) && keyNames.some((one) => one.test(name))) return',
    test,
    grep: 'frees a key',
  },
  {
    name: 'L59: a name in another Unicode form is another name',
    file: names,
    find: ".slice(0, maxName)\n    .normalize('NFKC')",
    replace: '.slice(0, maxName)',
    test,
  },
  {
    name: 'L59: any file in a folder of secrets may be read',
    file: names,
    find: 'return !(mixed.source && sourceName.test(name));',
    replace: 'return false;',
    test,
  },
  {
    name: 'L59: the headers of an encrypted key hide it',
    file: marks,
    find: '|[A-Za-z][A-Za-z-]{1,30}:[^\\r\\n\\\\]{0,200}(?=[\\r\\n\\\\])',
    replace: '',
    test,
    grep: 'is one',
  },
  {
    name: 'L59: a key over the border of two pieces is not found',
    file: marks,
    find: 'this.#rest = text.slice(-(reach + reachBack));',
    replace: "this.#rest = '';",
    test,
    grep: 'wherever the text is cut',
  },
  {
    name: 'L61: a folder raises the limit of a turn',
    file: scopes,
    find: 'Math.min(...limits)',
    replace: '(limits.at(-1) ?? null)',
    test: folder,
    grep: 'lower a limit',
  },
  {
    name: 'L61: a folder widens what goes by itself',
    file: scopes,
    find: 'other !== undefined && ordered.indexOf(other) < ordered.indexOf(own) ? other : own',
    replace: 'other ?? own',
    test: folder,
    grep: 'narrow what goes',
  },
  {
    name: 'L61: a folder turns on what costs',
    file: scopes,
    find: 'user === true && folder !== false',
    replace: '(folder ?? user) === true',
    test: folder,
    grep: 'switch off what costs',
  },
  {
    name: 'L61: a folder chooses the model without being asked about',
    file: scopes,
    find: 'folder !== own && approves(setting, folder) ?',
    replace: 'folder !== own ?',
    test: folder,
  },
  {
    name: 'L61: a declined model is asked about again',
    file: 'src/host/folderSettings.ts',
    find: 'known !== undefined || this.#asked.has(name)',
    replace: "this.#asked.has('')",
    test: folder,
    grep: 'once the user declined',
  },
  {
    name: 'L61: a setting of the folder holds in Restricted Mode',
    file: 'package.json',
    find: '        "prelude.cache.keepWarm",\n',
    replace: '',
    test: 'unit/manifest',
    grep: 'Restricted Mode',
  },
  {
    name: 'L61: a tooltip shows the title in place of the address',
    file: tooltip,
    find: 'oneLine(place, maxAddress)}',
    replace: 'title || oneLine(place, maxAddress)}',
    test: 'unit/webview/tooltip',
  },
  {
    name: 'L61: a name that passes for a host stands before it',
    file: tooltip,
    find: "  url.username = '';\n  url.password = '';\n",
    replace: '',
    test: 'unit/webview/tooltip',
  },
  {
    name: 'L61: a consent for one host holds for another',
    file: consent,
    find: 'answers().get(host);',
    replace: '[...answers().values()][0];',
    test: 'unit/host/secrets',
    grep: 'and to no other',
  },
  {
    name: 'L61: an answer is about a host that the user did not see',
    file: 'src/host/secrets.ts',
    find: 'this.#offered ?? this.#environmentHost()',
    replace: 'this.#environmentHost()',
    test: 'unit/host/secrets',
    grep: 'whatever the settings say',
  },
  {
    name: 'L61: a consent of an earlier version holds for any host',
    file: consent,
    find: 'before === true && host === firstHost ?',
    replace: 'before === true ?',
    test: 'unit/host/secrets',
    grep: 'earlier version',
  },
];
