// Imported into the demo's api and worker before their own code: should the demo be killed, they end in good order.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
