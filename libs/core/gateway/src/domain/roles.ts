import type { PolicyRule } from './policy.js';

export interface RoleView {
  role: string;
  /** User ids. */
  members: string[];
  /** Roles that come with it. */
  includes: string[];
}

const isRole = (name: string) => /^[a-z]/.test(name);

/** Every role that a rule names, by name. */
export function rolesIn(rules: readonly PolicyRule[]): RoleView[] {
  const roles = new Map<string, RoleView>();
  const role = (name: string): RoleView => {
    const view = roles.get(name) ?? { role: name, members: [], includes: [] };
    roles.set(name, view);
    return view;
  };
  for (const { ptype, values } of rules) {
    const [subject = '', included = ''] = values;
    if (ptype === 'g' && !isRole(subject)) role(included).members.push(subject);
    else if (ptype === 'g') {
      role(subject).includes.push(included);
      role(included);
    } else if (isRole(subject)) role(subject);
  }
  return [...roles.values()].sort((a, b) => (a.role < b.role ? -1 : 1));
}
