// A plugin of TypeDoc, which shows the package as its users import it:
//
// - A module has the name of its entry point, such as `rxjs-locks/operators`.
// - A class or a parameter shows no type that the package keeps to itself. It shows the nearest ancestor that is public.
// - A link to a public name works from each entry point.
// - Overloads that share a comment show it once.
import {
  Converter,
  ReferenceType,
  ReflectionKind,
  Renderer,
} from 'typedoc';

import { entryPoints } from './entry-points.mjs';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    nameModules(context.project);
    showPublicTypes(context);
  });
  app.converter.addUnknownSymbolResolver((reference, { project }) => {
    const [name, ...members] =
      reference.symbolReference?.path?.map(({ path }) => path) ?? [];
    const symbols = project.children.flatMap(
      (entry) => entry.children ?? [],
    );
    const symbol = symbols.find(
      (each) => each.name === name && !each.isReference(),
    );
    const target = members.reduce(
      (parent, member) => parent?.getChildByName(member),
      symbol,
    );
    return target && { target };
  });
  // After the plugins of TypeDoc, some of which set the origins of members again.
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => forEachReflection(project, hideOrigins),
    -1e6,
  );
  app.renderer.on(Renderer.EVENT_BEGIN, ({ project }) =>
    forEachReflection(project, showCommentOnce),
  );
}

function forEachReflection(project, change) {
  for (const reflection of project.getReflectionsByKind(
    ReflectionKind.All,
  ))
    change(reflection);
}

function nameModules(project) {
  for (const entry of project.children) {
    const file = project.files.getReflectionPath(entry);
    const found = entryPoints.find(({ path }) =>
      file.endsWith(`/${path}`),
    );
    if (found === undefined)
      throw new Error(`${file} is no entry point of the package`);
    entry.name = found.name;
  }
}

function showPublicTypes({ project }) {
  forEachReflection(project, (reflection) => {
    if (reflection.kindOf(ReflectionKind.Parameter))
      reflection.type = publicType(reflection.type, project);
    reflection.extendedTypes = reflection.extendedTypes
      ?.map((type) => publicType(type, project))
      .filter((type) => !isHidden(type));
    reflection.typeParameters = reflection.typeParameters?.filter(
      ({ type }) => !isHidden(type),
    );
    for (const list of ['extendedTypes', 'typeParameters']) {
      if (!reflection[list]?.length) delete reflection[list];
    }
  });
}

function hideOrigins(reflection) {
  for (const origin of [
    'inheritedFrom',
    'overwrites',
    'implementationOf',
  ]) {
    if (!reflection[origin]?.reflection) delete reflection[origin];
  }
}

/** Whether a type belongs to the package, and no entry point exports it. */
function isHidden(type) {
  return (
    type instanceof ReferenceType &&
    type.package === 'rxjs-locks' &&
    !type.reflection &&
    !type.refersToTypeParameter
  );
}

/** The hidden base classes of the primitives are `BehaviorSubject`s of their first type argument, the state. */
function publicType(type, project) {
  if (
    !isHidden(type) ||
    !['StatefulSubject', 'PermitSubject'].includes(type.name)
  )
    return type;
  const subject = ReferenceType.createBrokenReference(
    'BehaviorSubject',
    project,
    'rxjs',
  );
  subject.typeArguments = type.typeArguments.slice(0, 1);
  return subject;
}

function showCommentOnce({ signatures: [first, ...others] = [] }) {
  const textOf = ({ comment }) =>
    comment?.summary.map(({ text }) => text).join('');
  for (const signature of others) {
    if (textOf(signature) === textOf(first)) delete signature.comment;
  }
}
