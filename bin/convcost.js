#!/usr/bin/env node
import { createHost, run } from '../dist/cli/main.js';

process.exitCode = await run(process.argv.slice(2), createHost(process));
