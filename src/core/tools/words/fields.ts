/** What the inputs of tools are made of: fields with what they mean for the model. */

import { en } from 'zod/locales';
import * as z from 'zod/mini';

// Else all that is wrong with an input is "Invalid input".
z.config(en());

/** A string that is not empty, of at most so many characters. */
export const filled = (most?: number) =>
  most === undefined ? z.string().check(z.minLength(1)) : z.string().check(z.minLength(1), z.maxLength(most));

/** A whole number from `least` to `most`, both included. */
export const whole = (least: number, most?: number) =>
  most === undefined ? z.int().check(z.gte(least)) : z.int().check(z.gte(least), z.lte(most));

/** A field that is needed. */
export const needed = <Field extends z.core.$ZodType>(field: Field & z.ZodMiniType, means: string): Field =>
  field.check(z.describe(means));

/** A field that may be missing. */
export const maybe = <Field extends z.ZodMiniType>(field: Field, means: string): z.ZodMiniOptional<Field> =>
  z.optional(field).check(z.describe(means));
