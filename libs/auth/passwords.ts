import { hash, verify } from '@node-rs/argon2';
import { newSecret } from './secrets.js';

export const MIN_PASSWORD_LENGTH = 12;
/** Longer input is refused before any hashing, so that nobody can make us hash megabytes. */
export const MAX_PASSWORD_LENGTH = 128;

/** argon2id with the parameters that OWASP recommends (19 MiB, 2 passes), which are the library's defaults. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  if (password.length > MAX_PASSWORD_LENGTH) return false;
  return verify(passwordHash, password);
}

/** 192 random bits, to be shown once. */
export function generatePassword(): string {
  return newSecret().slice(0, 32);
}
