// For `node --import`: a child goes when the process that started it has gone, even if that was killed.
process.once('disconnect', () => process.exit());
