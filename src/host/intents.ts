/** Messages of the webview are data from outside: each is checked field by field and copied before it is used. */
import type { LeaveOutTarget } from '../shared/chat';
import type { FailureAction, ViewToHost } from '../shared/protocol';

type Kind = ViewToHost['type'];
type Check = (value: unknown) => boolean;
/** For each message a check for each of its fields: the compiler asks for the missing ones. */
type Shapes = { readonly [K in Kind]: { readonly [F in keyof Omit<Extract<ViewToHost, { type: K }>, 'type'>]: Check } };

const text: Check = (value) => typeof value === 'string';
const name: Check = (value) => typeof value === 'string' && value !== '' && value.length <= 4096;
const flag: Check = (value) => typeof value === 'boolean';
/** Base64 of a file as large as a request takes. */
const base64: Check = (value) => typeof value === 'string' && value.length <= 32 * 1024 * 1024;
const hash: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const textOrNull: Check = (value) => value === null || typeof value === 'string';
const places: Check = (value) => Number.isSafeInteger(value);
const lineOrNull: Check = (value) => value === null || (Number.isSafeInteger(value) && Number(value) >= 1);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 1;
const placeOrNull: Check = (value) =>
  value === null || (isRecord(value) && Number.isSafeInteger(value['at']) && name(value['id']));

const whats: Readonly<Record<LeaveOutTarget['what'], true>> = {
  turn: true,
  answer: true,
  result: true,
  attachment: true,
  compaction: true,
};
/** Nothing else may come along: it goes into the record. */
const leaveOutTarget: Check = (value) =>
  isRecord(value) &&
  Object.keys(value).length === 3 &&
  typeof value['what'] === 'string' &&
  Object.hasOwn(whats, value['what']) &&
  name(value['entry']) &&
  Number.isSafeInteger(value['index']) &&
  Number(value['index']) >= 0;

const actions: Readonly<Record<FailureAction, true>> = {
  retry: true,
  continue: true,
  setKey: true,
  useEnvironmentKey: true,
  declineEnvironmentKey: true,
  openSettings: true,
  openBilling: true,
  openStatus: true,
  openLog: true,
  showUsage: true,
  newChat: true,
};
const action: Check = (value) => typeof value === 'string' && Object.hasOwn(actions, value);

const shapes: Shapes = {
  ready: {},
  resync: { conversation: name },
  send: { conversation: name, text },
  stop: { conversation: name },
  restorePrompt: { conversation: name },
  retry: { conversation: name },
  mend: { conversation: name },
  takeBackLimit: { key: name },
  continue: { conversation: name },
  leaveOut: { conversation: name, target: leaveOutTarget, out: flag },
  saveAsBranch: { conversation: name },
  compact: { conversation: name },
  chooseLeftOut: { conversation: name },
  retryNow: { conversation: name },
  draft: { conversation: name, text },
  removeChip: { conversation: name, id: name },
  includeFile: { conversation: name, id: name, included: flag },
  onlyWhatIAdd: { conversation: name, only: flag },
  countExactly: { conversation: name },
  inspectRequest: { conversation: name },
  unqueue: { conversation: name, id: name },
  moveQueued: { conversation: name, id: name, by: places },
  editQueued: { conversation: name, id: name, text: textOrNull },
  sendQueuedNow: { conversation: name, id: name },
  editMessage: { conversation: name, id: name, text },
  openFile: { path: name, line: lineOrNull },
  openLink: { url: name },
  copy: { text },
  insert: { text },
  do: { action },
  askModels: {},
  setModel: { model: name },
  setEffort: { effort: name },
  attach: { conversation: name, name, mediaType: text, data: base64 },
  attachUrl: { conversation: name, url: name },
  attachFile: { conversation: name, uri: name },
  detach: { conversation: name, id: name },
  pickFiles: { conversation: name },
  openText: { id: hash, label: name },
  loadBlob: { id: hash },
  listConversations: { request: count, query: text, all: flag, after: placeOrNull, limit: count },
  reopen: {},
  exportConversation: { id: name },
  openConversation: { id: name },
  openInEditor: { conversation: name },
  renameConversation: { id: name, title: text },
  deleteConversation: { id: name },
  undoDelete: { id: name },
  adoptConversations: { key: name },
  putBackConversations: { key: name },
  dismissOffer: { key: name },
  showColumn: { shown: flag },
  focused: { focused: flag },
  viewFailed: { message: text },
};

/** The message with its known fields only; null when its type is unknown or a field is missing or of another type. */
export function parseIntent(message: unknown): ViewToHost | null {
  if (!isRecord(message)) return null;
  const type = message['type'];
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) return null;
  const intent: Record<string, unknown> = { type };
  for (const [field, check] of Object.entries<Check>(shapes[type as Kind])) {
    const value = message[field];
    if (!check(value)) return null;
    intent[field] = value;
  }
  // Every field was checked against the shape of this very type.
  return intent as unknown as ViewToHost;
}

/** What a message that was refused calls itself, for the log: a short word or "no type". */
export function intentName(message: unknown): string {
  const type = isRecord(message) ? message['type'] : undefined;
  return typeof type === 'string' && /^\w{1,40}$/.test(type) ? type : 'no type';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
