#!/usr/bin/env node
'use strict';
const { loadProgram } = require('./load-program.js');

const { createHost, run } = loadProgram();
run(process.argv.slice(2), createHost(process)).then(code => {
  process.exitCode = code;
});
