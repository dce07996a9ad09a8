/** JSON Schema out of the schemas that our tools check their inputs with. */
import * as z from 'zod/mini';

type Json = Record<string, unknown>;

/**
 * What a tool's schema is for the model: the bytes of zod's own `toJSONSchema` for the kinds of fields that tools have,
 * without all other kinds, which would be a fortieth of the host. Throws for a kind that it does not know.
 */
export function jsonSchemaOf(schema: z.core.$ZodType): Json {
  const described = z.globalRegistry.get(schema)?.description;
  const description = described === undefined ? {} : { description: described };
  const { def } = (schema as z.core.$ZodTypes)._zod;
  // The order of the keys is part of the cached prefix (DESIGN "The prompt").
  return def.type === 'optional'
    ? { ...description, ...jsonSchemaOf(def.innerType) }
    : { ...ofKind(def), ...description };
}

function ofKind(def: z.core.$ZodTypes['_zod']['def']): Json {
  const bound = (check: string, key: string): Json => {
    const found = def.checks?.map((one) => one._zod.def as unknown as Json).find((one) => one['check'] === check);
    return found === undefined ? {} : { [key]: found['value'] ?? found['minimum'] ?? found['maximum'] };
  };
  switch (def.type) {
    case 'string':
      // That a name is not empty goes without saying; what is empty is refused with words.
      return { type: 'string', ...bound('max_length', 'maxLength') };
    case 'number':
      return { type: 'integer', ...bound('greater_than', 'minimum'), ...bound('less_than', 'maximum') };
    case 'boolean':
      return { type: 'boolean' };
    case 'enum':
      return { type: 'string', enum: Object.values(def.entries) };
    case 'array':
      return {
        ...bound('min_length', 'minItems'),
        ...bound('max_length', 'maxItems'),
        type: 'array',
        items: jsonSchemaOf(def.element),
      };
    case 'object':
      return ofObject(def);
    default:
      throw new Error(`No tool has a field of the kind ${def.type}`);
  }
}

function ofObject({ shape }: z.core.$ZodObjectDef): Json {
  const fields = Object.entries(shape);
  const required = fields.filter(([, field]) => field._zod.optin === undefined).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, jsonSchemaOf(field)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}
