import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from './principal.js';

/** A user of the built-in issuer. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid')
  id: string;

  /** Lower case, unique. */
  @Column('text')
  username: string;

  @Column('text', { name: 'password_hash' })
  passwordHash: string;

  @Column('text', { array: true })
  roles: Role[];

  /** Goes up with every change of password, roles or state; tokens of an older version are refused. */
  @Column('integer', { name: 'auth_version', default: 1 })
  authVersion: number;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
