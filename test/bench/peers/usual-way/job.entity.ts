import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';

@Entity('jobs')
export class Job {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'varchar' })
  type: string;

  @Column({ type: 'varchar', default: 'PENDING' })
  status: 'PENDING' | 'RUNNING' | 'SUCCESS' | 'FAILED';

  @Column({ type: 'varchar' })
  ownerId: string;

  @Column({ type: 'jsonb' })
  input: object;

  @Column({ type: 'jsonb', nullable: true })
  result: object | null;

  @CreateDateColumn()
  createdAt: Date;

  @UpdateDateColumn()
  updatedAt: Date;
}
