import { Module } from '@nestjs/common';
import { AuthModule } from '@longhaul/auth';
import { UserNamesController } from './user-names.controller.js';
import { UserNames } from './user-names.js';

/** `/users/names`, and the same names for routes that show who did something. */
@Module({
  imports: [AuthModule],
  controllers: [UserNamesController],
  providers: [UserNames],
  exports: [UserNames],
})
export class UserNamesModule {}
