import { useName } from '../api/use-name.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';

/** A person: `you`, the name, or the end of the id where no name is known. */
export function Who({ id, name }: { readonly id: string; readonly name?: string | null }) {
  return name === undefined ? <Named id={id} /> : <Person id={id} name={name} />;
}

function Named({ id }: { readonly id: string }) {
  return <Person id={id} name={useName(id)} />;
}

function Person({ id, name }: { readonly id: string; readonly name: string | null }) {
  const user = useUser();
  if (id === user.id) return texts.tasks.you;
  return <span title={id}>{name ?? (id.length > 14 ? id.slice(-12) : id)}</span>;
}
