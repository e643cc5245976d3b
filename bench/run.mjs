// `npm run bench NAME`: measures one thing on this machine and prints a table and JSON.
const BENCHES = { logs: './logs.mjs', metrics: './metrics.mjs', 'remote-write': './remote-write.mjs' }

const name = process.argv[2] ?? ''
if (!Object.hasOwn(BENCHES, name)) {
  console.error(`Say what to measure: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(2)
}
await import(BENCHES[name])
