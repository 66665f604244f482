import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { DatabaseHealth } from './database-health.js';
import { PersistenceModule } from './persistence.module.js';
import { testConfig, testDatabase } from './test-database.js';

it('gives an app its pool, and says whether the database is there', async () => {
  const database = await testDatabase();
  const app = await Test.createTestingModule({
    imports: [PersistenceModule.for(testConfig(database), [])],
  }).compile();
  const [row] = await app.get(DataSource).query('SELECT current_user AS role');
  expect(row).toEqual({ role: 'longhaul_app' });
  await expect(app.get(DatabaseHealth).isUp()).resolves.toBe(true);
  await database.drop();
  await expect(app.get(DatabaseHealth).isUp()).resolves.toBe(false);
  await app.close();
});
