export { childEnvironment } from './child-environment.js';
export { CONFIG, ConfigError, isProduction, loadConfig, type Config } from './config.js';
export { ConfigModule } from './config.module.js';
export { secretValues } from './secret-values.js';
export { variables, type TokenPrice } from './variables.js';
