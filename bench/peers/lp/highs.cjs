// Solves a linear program in an MPS file with the HiGHS of the npm package "highs" (WebAssembly, one thread).
//
// Usage: NODE_PATH=…/node_modules node highs.cjs FILE simplex|ipm|pdlp|hipdlp SECONDS. Prints one line of JSON: status,
// objective, seconds of solving.

const fs = require("fs");

async function main() {
  const [path, solver, limit] = process.argv.slice(2);
  const highs = await require("highs")();
  const model = highs.createModel({ format: "mps", data: fs.readFileSync(path) });
  model.options.set({ output_flag: false, solver, time_limit: Number(limit) });
  const begun = process.hrtime.bigint();
  model.run();
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  const status = String(model.getModelStatus());
  console.log(JSON.stringify({
    status: /optimal/i.test(status) || status === "7" ? "optimal" : status,
    objective: model.getObjectiveValue(), seconds,
  }));
}

main().catch((e) => { console.log(JSON.stringify({ status: String(e), objective: null })); });
