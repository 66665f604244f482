import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@longhaul/auth';

/** For people who open the bare address. */
@ApiExcludeController()
@Controller()
export class RootController {
  @Get()
  @Public()
  @Redirect('/docs', 302)
  root(): void {
    // The decorator says it all.
  }
}
