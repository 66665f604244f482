export { testConfig, testDatabase, type TestDatabase } from './test-database.js';
export { startTestServer, type TestServer, type TestServerAddress } from './test-server.js';
