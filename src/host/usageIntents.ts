/** Messages of the usage view are data from outside: each is checked field by field and copied before it is used. */
import type { UsageToHost } from '../shared/usage';

/** Days that one question may be about. */
const mostDays = 400;

/** The message with its known fields only; null when it is none. */
export function parseUsageIntent(message: unknown): UsageToHost | null {
  if (typeof message !== 'object' || message === null || !('type' in message)) return null;
  switch (message.type) {
    case 'ready':
      return { type: 'ready' };
    case 'openSettings':
      return { type: 'openSettings' };
    case 'openConversation':
      return 'id' in message && typeof message.id === 'string' && message.id !== '' && message.id.length <= 4096
        ? { type: 'openConversation', id: message.id }
        : null;
    case 'askUsage': {
      if (!('request' in message && 'all' in message && 'days' in message)) return null;
      const { request, all, days } = message;
      if (!isWhole(request) || typeof all !== 'boolean' || !isDays(days)) return null;
      return { type: 'askUsage', request, all, days: [...days] };
    }
    default:
      return null;
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isDays(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.length <= mostDays &&
    value.every((at, index) => isWhole(at) && (index === 0 || at > value[index - 1]))
  );
}
