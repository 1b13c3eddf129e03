// Loaded into the started program, which leads a process group of its own and so outlives a `kill -9` of the group that
// started it. The channel to the starter closes only then; dying at once is what the group would have done to us.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
