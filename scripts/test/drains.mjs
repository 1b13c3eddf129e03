// A server that takes its time to stop: prints every signal it gets and ends with the code it was told.
const [, , code] = process.argv;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    console.log(`got ${signal}`);
    setTimeout(() => process.exit(Number(code)), 150);
  });
}
setInterval(() => {}, 1_000);
console.log(`ready ${process.pid}`);
