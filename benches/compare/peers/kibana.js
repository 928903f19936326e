// Kibana's query library: every KQL query of Elastic's rules to a tree.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const [job, folder, rounds, modules] = process.argv.slice(2);
const { fromKueryExpression } = require(path.join(modules, '@cybernetex/kbn-es-query'));

// The most memory that this process has held at once.
function peakKib() {
  const line = /^VmHWM:\s+(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  return line ? Number(line[1]) : 0;
}

function work(queries) {
  let done = 0;
  for (const query of queries) {
    try {
      fromKueryExpression(query);
      done += 1;
    } catch (error) {
      // This edition is from 2019 and knows no nested fields, for one.
      if (error.name !== 'KQLSyntaxError') throw error;
    }
  }
  return done;
}

const queries = JSON.parse(fs.readFileSync(path.join(folder, 'kql.json'), 'utf8'));
const loaded = peakKib();
const cpu = [];
let done = 0;
let peak = 0;
for (let round = 0; round < Math.max(1, Number(rounds)); round += 1) {
  const start = process.cpuUsage();
  done = work(queries);
  const used = process.cpuUsage(start);
  cpu.push((used.user + used.system) / 1e6);
  if (round === 0) peak = peakKib();
}
console.log(JSON.stringify({
  job, items: queries.length, done, cpu_seconds: cpu, peak_kib: peak, loaded_kib: loaded,
}));
