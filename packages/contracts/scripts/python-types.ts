import { z } from 'zod';
import { schemasIn } from './schemas.ts';

type Schema = z.core.JSONSchema.JSONSchema;
/** Module of contracts/generated/ → the schemas that its types are written from. */
type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const HEADER = '"""Written by `npm run generate` from packages/contracts, which describes these types."""';
const SCALARS: Readonly<Record<string, string>> = { string: 'str', integer: 'int', boolean: 'bool', null: 'None' };

const literal = (values: readonly unknown[]): string =>
  `Literal[${values.map((value) => JSON.stringify(value)).join(', ')}]`;

/** Returns the Python type of a schema that has a `type`; `where` names it in errors. */
const typed = (schema: Schema, type: string | undefined, where: string): string => {
  if (type === 'array' && !Array.isArray(schema.items)) return `list[${typeOf(schema.items ?? true, where)}]`;
  if (type === 'object' && !schema.properties)
    return `dict[str, ${typeOf(schema.additionalProperties ?? true, where)}]`;
  const scalar = SCALARS[type ?? ''];
  if (scalar === undefined) throw new Error(`${where}: export its schema, so that Python has a name for it`);
  return scalar;
};

/** Returns the Python type of a schema inside another one. */
const typeOf = (schema: Schema | boolean, where: string): string => {
  if (typeof schema === 'boolean' || Object.keys(schema).length === 0) return 'Any';
  if (schema.$ref !== undefined) return schema.$ref;
  if (schema.const !== undefined) return literal([schema.const]);
  if (schema.enum !== undefined) return literal(schema.enum);
  if (schema.anyOf !== undefined) return schema.anyOf.map((option) => typeOf(option, where)).join(' | ');
  return [schema.type]
    .flat()
    .map((type) => typed(schema, type, where))
    .join(' | ');
};

/** Returns the definition of a name: a TypedDict of an object, else an alias. */
const definition = (name: string, schema: Schema): string => {
  if (schema.properties === undefined) return `${name} = ${typeOf(schema, name)}`;
  const fields = Object.entries(schema.properties).map(([field, type]) => {
    if (!schema.required?.includes(field)) throw new Error(`${name}.${field}: a field is nullable, never absent`);
    return `    ${field}: ${typeOf(type, `${name}.${field}`)}`;
  });
  return [`class ${name}(TypedDict):`, ...fields].join('\n');
};

/** Returns the names that a schema refers to. */
const references = (schema: unknown): string[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => (key === '$ref' ? [String(value)] : references(value)));
};

/** Lists names so that each one follows those that it refers to. */
const inOrder = (names: readonly string[], schemas: Readonly<Record<string, Schema>>): string[] => {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    for (const other of references(schemas[name])) if (names.includes(other)) visit(other);
    ordered.add(name);
  };
  names.forEach(visit);
  return [...ordered];
};

const moduleText = (
  names: readonly string[],
  schemas: Readonly<Record<string, Schema>>,
  homes: Map<string, string>,
) => {
  const foreign = [...new Set(names.flatMap((name) => references(schemas[name])))].filter(
    (name) => !names.includes(name),
  );
  const imports = foreign.sort().map((name) => `from contracts.generated.${homes.get(name)} import ${name}`);
  const definitions = inOrder(names, schemas).map((name) => definition(name, schemas[name] ?? {}));
  const typing = ['Any', 'Literal', 'TypedDict'].filter((name) => definitions.some((text) => text.includes(name)));
  const head = [HEADER, '', `from typing import ${typing.join(', ')}`, ...(imports.length ? ['', ...imports] : [])];
  return `${[head.join('\n'), ...definitions].join('\n\n\n')}\n`;
};

/** Returns the text of the Python modules, by name. Types of one module may refer to those of another. */
export const pythonTypes = (modules: Modules): Record<string, string> => {
  const registry = z.registry<{ id: string }>();
  const homes = new Map<string, string>();
  for (const [module, exported] of Object.entries(modules)) {
    for (const [name, schema] of schemasIn(exported)) {
      registry.add(schema, { id: name });
      homes.set(name, module);
    }
  }
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => id });
  return Object.fromEntries(
    Object.entries(modules).map(([module, exported]) => [
      module,
      moduleText(
        schemasIn(exported).map(([name]) => name),
        schemas,
        homes,
      ),
    ]),
  );
};
