export { LoggerModule } from './logger.module.js';
