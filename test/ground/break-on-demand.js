// Loaded into a process before its own code (NODE_OPTIONS=--import): at SIGUSR2 the server breaks in the way that BREAK
// names. Its supervisor, into which it is loaded too, passes the signal on.
const ways = {
  throw: () => {
    throw new Error("broken on demand");
  },
  reject: () => void Promise.reject(new Error("broken on demand")),
  memory: () => {
    const kept = [];
    for (;;) kept.push({ text: `${kept.length}`.repeat(100), more: [kept.length] });
  },
};
// the supervisor's child has a channel to it
if (process.send) process.on("SIGUSR2", ways[process.env["BREAK"]]);
